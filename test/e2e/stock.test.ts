import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, inject, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import { runScenario } from './harness.ts'
import { BUILD_LIMIT_MS, canBuild, stockK6 } from './lookalike.ts'

const CRASHED = 2
const THRESHOLDS_FAILED = 99

describe.skipIf(!canBuild)('on a k6 whose socket module has the faults of the official one', () => {
  let k6: string
  beforeAll(async () => {
    k6 = await stockK6()
  }, BUILD_LIMIT_MS)

  it('a reset ends plain `k6 run`, which was told so before', async ({ expect }) => {
    const run = await runScenario({ scenario: 'chat-steady', fault: 'reset', k6 })
    expect(run.code).toBe(CRASHED)
    expect(run.report).toBeUndefined()
    expect(run.stderr).toMatch(/makes k6 itself crash .* K6_SUMMARY_MODE=disabled[^]*SIGSEGV/)
  })

  it('`k6-inference run` lives on, and reports as ever', async ({ expect }) => {
    const { code, said, report, seen } = await command(k6, [])
    expect(code, said).toBe(THRESHOLDS_FAILED)
    const struck = seen.filter(({ fault }) => fault !== '').length
    expect(struck).toBeGreaterThan(0)
    expect(report?.outcomes).toMatchObject([
      { outcome: 'completed', count: seen.length - struck },
      { outcome: 'truncated', count: struck, reasons: [{ reason: 'connection_reset' }] },
    ])
    expect(report?.verdict.status).toBe('failed')
    expect(said).toContain('the report is made from the records')
    expect(said).toMatch(/truncated .*connection_reset/)
    expect(said).not.toContain('SIGSEGV')
    expect(report?.warnings.map(({ type }) => type)).toContain('from_records')
  })

  it('where an output crashes it all the same, `k6-inference run` says so and saves what there is', async ({
    expect,
  }) => {
    const { code, said, report, seen } = await command(k6, ['-o', 'csv=all.csv'])
    expect(code).toBe(CRASHED)
    expect(said).toContain('k6 itself crashed')
    expect(report?.verdict.status).not.toBe('passed')
    expect(report?.verdict.reasons.join()).toContain('k6 itself crashed')
    expect(report?.total.finished).toBeGreaterThan(0)
    expect(report?.total.finished).toBeLessThanOrEqual(seen.length)
  })
})

/** `k6-inference run` against a server that resets a third of the connections; its report of the run. */
async function command(k6: string, k6Args: readonly string[]) {
  const out = mkdtempSync(path.join(tmpdir(), 'k6-inference-stock-'))
  const faults = [{ fault: 'reset', probability: 0.3, from: 1 }]
  const simulator = await startSimulator({ ttftMs: 30, tpotMs: 5, faults, seed: 2 })
  const variables = {
    BASE_URL: simulator.url,
    RATE: '10',
    DURATION: '4s',
    WARMUP: '0',
    OUTPUT_TOKENS: '10',
    EXPECTED_E2E: '2s',
    CALIBRATION: 'off',
  }
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const script = path.join(inject('bundles'), 'chat-steady.js')
  const own = ['run', script, ...given, '--out', out, '--', '--quiet', '--address', '', ...k6Args]
  try {
    const ended = await new Promise<{ code: unknown; said: string }>((resolve) => {
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, K6: k6 }
      execFile(
        process.execPath,
        [
          '--import',
          path.resolve('node_modules/tsx/dist/loader.mjs'),
          path.resolve('cli/bin.ts'),
          ...own,
        ],
        { env, cwd: out, timeout: 80_000 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : error.code, said: stdout + stderr }),
      )
    })
    const run = readdirSync(out).find((name) => name.endsWith('-chat-steady')) ?? ''
    const file = readFileSync(path.join(out, run, 'report.json'), 'utf8')
    const seen = simulator.records().filter(({ sequence }) => sequence > 0)
    return { ...ended, report: JSON.parse(file) as Report, seen }
  } finally {
    await simulator.close()
    rmSync(out, { recursive: true, force: true })
  }
}
