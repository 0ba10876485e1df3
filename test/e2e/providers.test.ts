import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, inject, it, vi } from 'vitest'
import { main } from '../../cli/providers/index.ts'
import type { Difference, Frontier } from '../../lib/frontier/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import { terminal } from '../support/terminal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-providers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('two providers get the same prompts, each with its key, and a gap in validity shows', async () => {
  const speed = { ttftMs: 30, tpotMs: 4 }
  const servers = await Promise.all([
    startSimulator({ ...speed, apiKey: 'key-of-one' }),
    startSimulator({
      ...speed,
      apiKey: 'key-of-two',
      faults: [{ fault: 'broken-json', probability: 0.4, from: 1 }],
    }),
  ])
  const to = terminal()
  vi.stubEnv('K6', inject('k6'))
  try {
    const [one, two] = servers.map(({ url }) => url)
    const code = await main(
      [
        ...[`one=${one}`, `two=${two}`, '--key-env', 'one=ONE', '--key-env', 'two=TWO'],
        ...['--tokens', 'one=1,2', '--tokens', 'two=1,2', '--max-spend', '100'],
        ...['--scenario', path.join(inject('bundles'), 'structured.js'), '--rate', '8'],
        ...['--duration', '5s', '-e', 'WARMUP=0', '-e', 'EXPECTED_E2E=2s', '-e', 'DRAIN=3s'],
        ...['--folder', folder, '-o', path.join(folder, 'out.json')],
      ],
      to,
      { ...process.env, ONE: 'key-of-one', TWO: 'key-of-two' },
    )
    expect(code, to.written.note).toBe(0)
  } finally {
    vi.unstubAllEnvs()
    await Promise.all(servers.map((server) => server.close()))
  }
  const { frontier, differences } = JSON.parse(
    readFileSync(path.join(folder, 'out.json'), 'utf8'),
  ) as { frontier: Frontier; differences: Difference[] }
  const schema = differences.find(({ figure }) => figure === 'json_schema')!
  expect(schema).toMatchObject({ name: 'two', with: 'one', verdict: 'worse', valueOfOther: 1 })
  expect(schema.pairs).toBeGreaterThan(20)
  expect(differences.find(({ figure }) => figure === 'errors')?.change).toBe(0)
  const [first, second] = frontier.configurations
  expect(second!.values['cost_per_good']!.value).toBeGreaterThan(
    first!.values['cost_per_good']!.value!,
  )
  expect(to.written.out).toMatch(/two +json_schema/)
  // Keys are in none of the files.
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => existsSync(file) && !file.endsWith('providers') && /\.\w+$/.test(file))
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(/key-of-/)
})
