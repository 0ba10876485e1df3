import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Measurement } from '../../../lib/capacity/index.ts'
import type { TrendStats } from '../../../lib/results/index.ts'
import type { Run } from '../../../lib/runs/index.ts'
import { k6Measure } from '../../../cli/capacity/k6-measure.ts'
import { judgeLateness } from '../../../cli/capacity/lateness.ts'
import { readRun } from '../../../cli/run-folder/index.ts'
import { main } from '../../../cli/capacity/main.ts'
import { terminal } from '../../support/terminal.ts'
import { madeUpRecords, recordLines } from '../../support/made-up-records.ts'

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
  target: 0.95,
})

const plan = (index: number) => ({ index, warmupMs: 0, measuredMs: 1 })

it('takes the figures of a load from the records that k6 leaves', async () => {
  const from = path.join(dir, 'requests.jsonl')
  await writeFile(from, recordLines(madeUpRecords({ measuredMs: 20_000, failing: 10 })))
  const k6 = await standIn(
    'k6.cjs',
    `fs.copyFileSync(${JSON.stringify(from)}, args[args.indexOf('--console-output') + 1])
     fs.writeFileSync(${JSON.stringify(path.join(dir, 'args'))}, args.join('\\n'))
     process.exit(99)`,
  )
  const found = await k6Measure(runs(k6))(8, {
    index: 7,
    warmupMs: 2_000,
    measuredMs: 20_000,
  })
  const { report, requests } = await readRun(from)
  const { measured } = report
  expect(found.good).toBe(measured.good)
  expect(found.good / found.judged).toBe(measured.goodShare)
  expect(found.good).toBeLessThan(found.judged)
  const trend = (metric: string) => measured.metrics[metric] as TrendStats
  expect(found).toMatchObject({
    windowMs: measured.lengthMs,
    completed: measured.completed,
    completedPerS: measured.completedPerS,
    outputTokensPerS: measured.outputTokensPerS,
    ttftP95Ms: trend('llm_ttft').p95,
    tpotP50Ms: trend('llm_tpot').p50,
    e2eMeanMs: trend('llm_e2e').avg,
    workload: {
      scenario: 'chat-steady',
      model: 'm',
      outputTokensMean: trend('llm_output_tokens_per_request').avg,
    },
  })
  const done = requests!.filter((r) => r.outcome === 'completed')
  expect(found.served).toBe(done.filter((r) => r.endMs >= 2_000 && r.endMs < 22_000).length)
  const args = await readFile(path.join(dir, 'args'), 'utf8')
  for (const part of [
    'RATE=8',
    'RECORDS=on',
    'MODEL=m',
    'WARMUP=2000ms',
    'DURATION=20000ms',
    'raw',
  ])
    expect(args).toContain(part)
  // Traffic of its own, or a prefix cache knows the requests and repeats are no further samples.
  const seedOf = async (index: number, variables: string[]) => {
    await k6Measure({ ...runs(k6), variables })(8, { index, warmupMs: 2_000, measuredMs: 20_000 })
    return /^SEED=(\d+)$/m.exec(await readFile(path.join(dir, 'args'), 'utf8'))![1]
  }
  expect(await seedOf(1, [])).not.toBe(await seedOf(2, []))
  expect(await seedOf(0, ['SEED=77'])).toBe('77')
})

describe('requests that started late', () => {
  const found = (judged: number, good: number) =>
    ({ judged, good, clientLimit: 'late' }) as Measurement
  /** A run of which so many requests were on their way at once. */
  const run = (n: number, maxVUs = 42) => {
    const requests = Array.from({ length: n }, (_, i) => ({ startMs: i, endMs: 100_000 }))
    return { requests, report: { load: { maxVUs } } } as unknown as Run
  }

  it("are the server's fault where all VUs waited and the limits were missed", () => {
    expect(judgeLateness(found(100, 50), run(42), 0.95).clientLimit).toBeUndefined()
    expect(judgeLateness(found(100, 50), run(20), 0.95).clientLimit).toBe('late')
  })

  it('ask for more VUs where the limits were kept', () => {
    expect(judgeLateness(found(100, 99), run(42), 0.95).clientLimit).toMatch(
      /all 42 VUs.*EXPECTED_E2E/,
    )
  })
})

it("hands on k6's own words when it fails, and ends one that hangs", async () => {
  const broken = await standIn('bad.cjs', "console.error('no such host'); process.exit(107)")
  await expect(k6Measure(runs(broken))(1, plan(0))).rejects.toThrow(/exit code 107:\nno such host/)
  const hangs = await standIn('hangs.cjs', 'setInterval(() => {}, 1000)')
  await expect(k6Measure({ ...runs(hangs), graceMs: 300 })(1, plan(1))).rejects.toThrow(
    /had not ended after 0.301 s/,
  )
  await expect(k6Measure(runs(path.join(dir, 'nothing')))(1, plan(2))).rejects.toThrow(/ENOENT/)
})

it('names every problem of its command line at once', async () => {
  const to = terminal()
  const code = await main(['-e', 'RATE=3', '--target', '95', '--duration', '1', '--start', 'x'], to)
  expect(code).toBe(2)
  for (const part of ['-e RATE', '--target 95', '--duration 1', '--start x', 'no latency limit'])
    expect(to.written.note).toContain(part)
})
