import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findScript, k6Measure } from '../../scripts/capacity/k6-measure.ts'
import { main } from '../../scripts/capacity/main.ts'
import { terminal, writeRecords } from '../compare/files.ts'
import { virtualRun } from '../../scripts/virtual/index.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capacity-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** A program in k6's place: keeps its arguments, leaves the records it is given. */
async function standIn(name: string, body: string): Promise<string> {
  const file = path.join(dir, name)
  await writeFile(
    file,
    `#!${process.execPath}\nconst fs = require('node:fs'); const args = process.argv.slice(2)\n${body}`,
  )
  await chmod(file, 0o755)
  return file
}

const runs = (k6: string) => ({
  k6,
  script: 'scenario.js',
  variables: ['MODEL=m'],
  unit: 'requests/s' as const,
  folder: path.join(dir, 'runs'),
  graceMs: 20_000,
})

const plan = (index: number) => ({ index, warmupMs: 0, measuredMs: 1 })

it('takes the figures of a load from the records that k6 leaves', async () => {
  const run = virtualRun({
    name: 'r',
    ratePerS: 8,
    warmupMs: 2_000,
    measuredMs: 20_000,
    trafficSeed: 1,
    serverSeed: 1,
    failures: 0.1,
    slo: { ...NONE, ttftP95Ms: 60 },
  })
  const from = await writeRecords(run, path.join(dir, 'from'))
  const k6 = await standIn(
    'k6.cjs',
    `fs.copyFileSync(${JSON.stringify(path.join(from, 'requests.jsonl'))}, args[args.indexOf('--console-output') + 1])
     fs.writeFileSync(${JSON.stringify(path.join(dir, 'args'))}, args.join('\\n'))
     process.exit(99)`,
  )
  const found = await k6Measure(runs(k6))(8, plan(7))
  const inside = run.requests!.filter((r) => r.atMs >= run.fromMs && r.atMs < run.toMs)
  expect(found.judged).toBe(inside.length)
  expect(found.good).toBe(inside.filter((r) => r.good).length)
  expect(found.good).toBeLessThan(found.judged)
  const done = run.requests!.filter((r) => r.outcome === 'completed')
  expect(found.completed).toBe(
    done.filter((r) => r.endMs >= run.fromMs && r.endMs < run.toMs).length,
  )
  const args = await readFile(path.join(dir, 'args'), 'utf8')
  for (const part of ['RATE=8', 'RECORDS=on', 'MODEL=m', 'raw']) expect(args).toContain(part)
})

it("hands on k6's own words when it fails, and ends one that hangs", async () => {
  const broken = await standIn('bad.cjs', "console.error('no such host'); process.exit(107)")
  await expect(k6Measure(runs(broken))(1, plan(0))).rejects.toThrow(/exit code 107:\nno such host/)
  const hangs = await standIn('hangs.cjs', 'setInterval(() => {}, 1000)')
  await expect(k6Measure({ ...runs(hangs), graceMs: 300 })(1, plan(1))).rejects.toThrow(
    /exit code null/,
  )
  await expect(k6Measure(runs(path.join(dir, 'nothing')))(1, plan(2))).rejects.toThrow(/ENOENT/)
  expect(() => findScript('no-such-scenario')).toThrow(/no-such-scenario.js: does not exist/)
})

it('names every problem of its command line at once', async () => {
  const to = terminal()
  const code = await main(['-e', 'RATE=3', '--target', '95', '--duration', '1', '--start', 'x'], to)
  expect(code).toBe(2)
  for (const part of ['-e RATE', '--target 95', '--duration 1', '--start x', 'no latency limit'])
    expect(to.written.note).toContain(part)
})

const NONE = {
  ttftP95Ms: undefined,
  ttftP99Ms: undefined,
  tpotP95Ms: undefined,
  tpotP99Ms: undefined,
  itlP95Ms: undefined,
  itlP99Ms: undefined,
  e2eP95Ms: undefined,
  e2eP99Ms: undefined,
  errorRate: 0.01,
  goodput: undefined,
}
