import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const script = new URL('../../scripts/live.ts', import.meta.url).pathname
const tsx = import.meta.resolve('tsx')
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-live-'))
const bundle = path.join(folder, 'chat-steady.js')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A k6 that says what it was given, in a folder with one bundle. */
function live(args: readonly string[], env: Record<string, string> = {}) {
  const k6 = path.join(folder, 'k6')
  writeFileSync(bundle, '')
  writeFileSync(
    k6,
    `#!/bin/sh
case "$1" in
  version) echo 'k6 v2.2.0 (extensions: k6/x/tcp)'; exit 0 ;;
  run) printf '%s\\n' "$@"; env | grep '^K6_' | sort; exit 99 ;;
esac
`,
  )
  chmodSync(k6, 0o755)
  return spawnSync(process.execPath, ['--import', tsx, script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, K6: k6, ...env },
  })
}

describe('npm run live', () => {
  it('says how it is used', () => {
    expect(live(['--help'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: /) })
    expect(live([])).toMatchObject({ status: 1, stdout: expect.stringMatching(/^Usage: /) })
  })

  it('names what is no scenario, and an option that is not its own', () => {
    const missing = live(['chat-stedy'])
    expect(missing.status).toBe(1)
    expect(missing.stderr).toMatch(/no scenario named "chat-stedy"; there are .*chat-steady/)
    const wrong = live(['--trends', bundle])
    expect(wrong.status).toBe(1)
    expect(wrong.stderr).toMatch(/--trends/)
  })

  it("hands on k6's options and its exit code, and sets the output", () => {
    const { status, stdout, stderr } = live(['--testid', 'a', bundle, '-e', 'RATE=3', '-q'])
    expect(stderr).toContain('testid a')
    expect(status).toBe(99)
    const lines = stdout.trim().split('\n')
    const given = ['run', '-o', 'experimental-prometheus-rw', '--tag', 'testid=a', '-e', 'RATE=3']
    expect(lines.slice(0, 9)).toEqual([...given, '-q', bundle])
    expect(lines).toContain('K6_FEATURES=native-histograms')
    expect(stdout).not.toContain('TREND_STATS')
  })

  it('asks for trend stats on demand, and leaves what the shell says', () => {
    const { stdout } = live(['--trend', bundle], {
      K6_PROMETHEUS_RW_SERVER_URL: 'http://store:8428/api/v1/write',
    })
    expect(stdout).toMatch(/testid=chat-steady-\d{4}-\d\d-\d\dT/)
    expect(stdout).toContain('K6_PROMETHEUS_RW_TREND_STATS=p(50),p(90),p(95),p(99),max,count,sum')
    expect(stdout).toContain('K6_PROMETHEUS_RW_SERVER_URL=http://store:8428/api/v1/write')
    expect(stdout).not.toContain('native-histograms')
  })
})
