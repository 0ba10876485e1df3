import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSummarizer } from '../../../lib/runs/index.ts'
import { type RunRecord } from '../../../lib/records/index.ts'
import { buildReport } from '../../../lib/report/index.ts'
import { type Report, type RunInfo } from '../../../lib/results/index.ts'
import { main } from '../../../cli/merge/index.ts'
import { madeUpRecords } from '../../records/made-up.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-merge-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const { run: made, records } = madeUpRecords('steady')
const run: RunRecord = { v: 1, record: 'run', startedAt: '2026-03-01T02:00:00.000Z', run: made }

/** One process's report, of all records. */
function whole(): Report {
  const summarizer = createSummarizer(run.run)
  for (const record of records) summarizer.add(record)
  const info = { ...run.run, startedAt: run.startedAt }
  return buildReport({ summary: summarizer.summary(), run: info as unknown as RunInfo })
}

interface PodChange {
  /** Start after the first pod's, ms. */
  lateMs?: number
  change?: (run: RunRecord) => void
  /** Lines before the records, as a pod's log has them. */
  noise?: string
}

/** Writes pod i of n: every n-th request, as segments split them. */
function pod(i: number, n: number, { lateMs = 0, change, noise = '' }: PodChange = {}): string {
  const own = structuredClone(run)
  own.startedAt = new Date(Date.parse(run.startedAt) + lateMs).toISOString()
  own.run.plan.segment = n === 1 ? null : `${i}/${n}:${i + 1}/${n}`
  change?.(own)
  const lines = [own, ...records.filter((_, at) => at % n === i)].map((line) =>
    JSON.stringify(line),
  )
  const file = path.join(folder, `pod-${i}`)
  mkdirSync(file, { recursive: true })
  writeFileSync(path.join(file, 'records.jsonl'), noise + lines.join('\n') + '\n')
  return file
}

function results(podFolder: string, change: (report: Report) => void = () => {}): void {
  const report = structuredClone(whole())
  change(report)
  writeFileSync(path.join(podFolder, 'out.json'), JSON.stringify(report, null, 2))
}

async function merge(...args: string[]) {
  const written = { out: '', note: '' }
  const out = path.join(folder, 'merged')
  const code = await main(['--out', out, ...args], {
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
  })
  const read = (name: string) => readFileSync(path.join(out, `${run.run.scenario}${name}`), 'utf8')
  return { code, ...written, read }
}

const reportOf = (merged: { read: (name: string) => string }) =>
  JSON.parse(merged.read('.json')) as Report
const kinds = (report: Report) => report.warnings.map(({ type }) => type)

test.each([2, 3, 5])('%i pods give every figure that one process gives', async (n) => {
  const pods = Array.from({ length: n }, (_, i) => pod(i, n))
  const merged = await merge('--pods', String(n), ...pods)
  expect(merged.note).toContain(`${records.length} requests of ${n} pods`)
  expect(merged.code).toBe(0)
  const [mine, theirs] = [reportOf(merged), JSON.parse(JSON.stringify(whole())) as Report]
  for (const scope of ['measured', 'total'] as const) {
    expect(mine[scope].metrics).toEqual(theirs[scope].metrics)
    expect(mine[scope].outputTokensPerS).toBe(theirs[scope].outputTokensPerS)
    expect(mine[scope].good).toBe(theirs[scope].good)
  }
  expect(mine.slo).toEqual(theirs.slo)
  expect(mine.outcomes).toEqual(theirs.outcomes)
  expect(mine.slices).toEqual(theirs.slices)
})

test('the merged records are those of all pods, each once, behind one line that says the run', async () => {
  const merged = await merge(pod(0, 2), pod(1, 2))
  const lines = merged
    .read('.records.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ record }) => record as string).filter((kind) => kind === 'run')).toHaveLength(
    1,
  )
  expect(lines[0]).toMatchObject({ record: 'run' })
  const ids = (all: { id: string }[]) => all.map(({ id }) => id).sort()
  expect(ids(lines.slice(1))).toEqual(ids(records))
})

test('what only the pods know is added up, and is no value when one pod’s results are missing', async () => {
  const [a, b] = [pod(0, 2), pod(1, 2)]
  results(a, (report) => {
    report.total.started = 70
    report.droppedIterations = 3
    report.inFlightAtEnd = 2
    report.own.checks = [{ group: '', name: 'ok', passes: 5, fails: 1 }]
  })
  const half = reportOf(await merge(a, b))
  expect(half.droppedIterations).toBeNull()
  expect(half.inFlightAtEnd).toBeNull()
  expect(kinds(half)).toContain('from_records')

  results(b, (report) => {
    report.total.started = 60
    report.droppedIterations = 4
    report.inFlightAtEnd = 1
    report.own.checks = [{ group: '', name: 'ok', passes: 2, fails: 0 }]
  })
  const both = reportOf(await merge(a, b))
  expect(both.total.started).toBe(130)
  expect(both.droppedIterations).toBe(7)
  expect(both.inFlightAtEnd).toBe(3)
  expect(both.own.checks).toEqual([{ group: '', name: 'ok', passes: 7, fails: 1 }])
  expect(kinds(both)).not.toContain('from_records')
})

describe('skew', () => {
  test.each([
    [120, false],
    [1500, true],
  ])('loads that begin %i ms apart', async (lateMs, warned) => {
    const report = reportOf(await merge(pod(0, 2), pod(1, 2, { lateMs })))
    const messages = report.warnings.map(({ message }) => message)
    expect(messages).toContainEqual(expect.stringContaining(`within ${lateMs} ms`))
    expect(messages.some((message) => message.includes('give START_AT'))).toBe(warned)
  })
})

test('a pod’s log with other messages in it is read', async () => {
  const noise = 'time="…" level=info msg="hello"\nWARN something\n'
  const merged = await merge(pod(0, 2, { noise }), pod(1, 2))
  expect(merged.code).toBe(0)
})

test.each<[string, () => string[], RegExp]>([
  [
    'a pod given twice',
    () => [pod(0, 2), path.join(pod(0, 2), 'records.jsonl')],
    /in more than one/,
  ],
  ['fewer pods than there were', () => ['--pods', '3', pod(0, 3), pod(1, 3)], /2 pods of 3/],
  [
    'another scenario',
    () => [pod(0, 2), pod(1, 2, { change: (own) => (own.run.scenario = 'rag') })],
    /is of scenario rag/,
  ],
  [
    'another plan',
    () => [pod(0, 2), pod(1, 2, { change: (own) => (own.run.plan.phases[0]!.to = 77) })],
    /another plan/,
  ],
  [
    'another variable',
    () => [
      pod(0, 2, { change: (own) => (own.run['config'] = { values: { SEED: 1 } }) }),
      pod(1, 2, { change: (own) => (own.run['config'] = { values: { SEED: 2 } }) }),
    ],
    /another SEED/,
  ],
  ['a file that is cut', () => [pod(0, 2), cut(pod(1, 2))], /records\.jsonl:\d+: /],
  ['nothing there', () => [path.join(folder, 'none')], /no such file/],
  ['no records', () => [empty()], /holds no records/],
])('%s is refused, and nothing is written', async (_, args, words) => {
  const merged = await merge(...args())
  expect(merged.code).toBe(1)
  expect(merged.note).toMatch(words)
  expect(() => merged.read('.json')).toThrow(/ENOENT/)
  expect(() => merged.read('.records.jsonl')).toThrow(/ENOENT/)
})

function cut(podFolder: string): string {
  const file = path.join(podFolder, 'records.jsonl')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -40))
  return podFolder
}

function empty(): string {
  const own = path.join(folder, 'empty')
  mkdirSync(own)
  return own
}
