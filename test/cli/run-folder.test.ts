import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { main as compare } from '../../cli/compare/index.ts'
import { main as cost } from '../../cli/cost/index.ts'
import { main as frontier } from '../../cli/frontier/index.ts'
import { main as merge } from '../../cli/merge/index.ts'
import { main as report } from '../../cli/report/main.ts'
import { readRun, readRuns } from '../../cli/run-folder/index.ts'
import { answerLine } from '../../lib/records/index.ts'
import type { AnyRecord } from '../../lib/records/index.ts'
import { renderJson } from '../../lib/report/index.ts'
import { figureDef, figureOfRun, runOfRecords } from '../../lib/runs/index.ts'
import { answer, headOf, ORIGIN_MS, PHASES, recordOf } from '../support/records.ts'
import { played, written } from '../support/played.ts'
import { RUNS } from '../support/runs.ts'
import { terminal } from '../support/terminal.ts'

const root = mkdtempSync(path.join(tmpdir(), 'k6-inference-folder-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const { head, sent, elapsedMs } = RUNS['whole']!
const left = played(head, sent, elapsedMs)
let folder: string
beforeEach(() => {
  folder = written(mkdtempSync(path.join(root, 'run-')), left)
})
const at = (name: string) => path.join(folder, name)

/** Every command that reads a run, called on these paths. */
const COMMANDS: Record<string, (paths: string[]) => [typeof report, string[]]> = {
  report: (paths) => [
    report,
    [...paths, '--out', at('out/report'), '--formats', 'json', '--force'],
  ],
  compare: ([first, second]) => [compare, [first!, second ?? first!]],
  cost: (paths) => [cost, [...paths, '--gpu-hour', '1']],
  frontier: ([path]) => [frontier, [`a=${path}`, `b=${path}`, '--quality', 'all']],
  merge: (paths) => [merge, [...paths, '--out', at('merged'), '--force']],
}

async function call(name: string, ...paths: string[]) {
  const to = terminal()
  const [main, argv] = COMMANDS[name]!(paths)
  return { code: await main(argv, to), ...to.written }
}

describe.each(Object.keys(COMMANDS))('%s', (name) => {
  test('passes over what report made, by what it holds and not by its name', async () => {
    const before = await call(name, folder)
    expect(before.note).not.toContain(': holds')
    const { results } = left
    writeFileSync(at('report.json'), renderJson(results))
    writeFileSync(at('again.json'), renderJson(results))
    const computed = (await readRun(at('requests.jsonl'))).report
    writeFileSync(at('of-records.json'), renderJson(computed))
    writeFileSync(at('other.json'), '{"not": "ours"}')
    const after = await call(name, folder)
    // The same words of the same figures, and no other code.
    expect(after).toEqual(before)
  })

  test.each([
    ['cut', (text: string) => text.slice(0, text.length / 2), /is not JSON, or was cut: line/],
    [
      'of another version',
      (text: string) => text.replace('"version": 1', '"version": 3'),
      /is of version 3; this program reads version 1/,
    ],
    [
      'without a part',
      (text: string) => text.replace('"measured": {', '"measurd": {'),
      /is no sound results file: measured/,
    ],
  ])('refuses results that are %s, in the same words', async (_, change, message) => {
    const file = `${head.run.scenario}.json`
    writeFileSync(at(file), change(renderJson(left.results)))
    const { code, note } = await call(name, folder)
    expect(code).toBe(1)
    expect(note).toMatch(message)
    expect(note).toContain(`${at(file)}: `)
  })

  test('has the same figures with kept answers among the records', async () => {
    const before = await call(name, folder)
    const texts = { prompt: 'p', answer: 'a', toolCalls: [], expected: [] }
    const lines = readFileSync(at('requests.jsonl'), 'utf8').split('\n')
    const after = lines.flatMap((line) => {
      const { record, id } = (line === '' ? {} : JSON.parse(line)) as AnyRecord & { id: string }
      return record === 'request' ? [line, answerLine(id, texts, (text) => text)] : [line]
    })
    expect(after.length).toBeGreaterThan(lines.length)
    writeFileSync(at('requests.jsonl'), after.join('\n'))
    expect(await call(name, folder)).toEqual(before)
  })

  test('refuses a request that two files hold', async () => {
    cpSync(at('requests.jsonl'), at('copy.jsonl'))
    const { code, note } = await call(name, folder)
    expect(code).toBe(1)
    expect(note).toMatch(/request load\/0 is in .* and in |played segment 0:1 of the load/)
  })

  test('names file and line of a broken record', async () => {
    appendFileSync(at('requests.jsonl'), '{"v":1,"record":"request"}\n')
    const { code, note } = await call(name, folder)
    expect(code).toBe(1)
    expect(note).toMatch(/requests\.jsonl:\d+: has no "id"/)
  })

  test.each([
    ['nowhere', /nowhere: there is no such file or folder/],
    ['empty', /empty: holds no results \(\.json\) and no request records \(\.jsonl\)/],
  ])('says that there is nothing: %s', async (where, message) => {
    mkdirSync(at('empty'))
    const { code, note } = await call(name, at(where))
    expect(code).toBe(1)
    expect(note).toMatch(message)
  })
})

test('a file that is given twice is refused, whatever it is called', async () => {
  const file = at('requests.jsonl')
  await expect(readRun([file, file])).rejects.toThrow(`${file}: is given twice`)
  await expect(readRun([folder, file])).rejects.toThrow(/is given twice/)
})

test('records of another run beside results are refused', async () => {
  const other = structuredClone(head)
  other.startedAt = '2026-03-02T12:00:00.000Z'
  written(folder, { records: played(other, sent, elapsedMs).records })
  await expect(readRun(folder)).rejects.toThrow(/but records of 2026-03-02/)
})

test('a folder of run folders is repeats, in the order of their names', async () => {
  const parent = mkdtempSync(path.join(root, 'repeats-'))
  for (const name of ['10', '9', '1']) written(path.join(parent, name), left)
  const runs = await readRuns(parent)
  expect(runs.map(({ name }) => path.basename(name))).toEqual(['1', '9', '10'])
})

describe('records without an end', () => {
  const bare = left.records.filter(({ record }) => record !== 'end')

  test('are of a run that ended early, as far as they tell, and judged unclear at best', () => {
    const { report: of, window } = runOfRecords('cut', bare)
    expect(of.run.endedEarly).toBe(true)
    expect(window.endedEarly).toBe(true)
    expect(of.verdict.status).not.toBe('passed')
    expect(of.warnings.find(({ type }) => type === 'ended_early')?.message).toContain('no end')
  })

  test('have rates over the time up to the last thing that they tell', () => {
    const early = bare.filter((record) => record.record !== 'request' || record.endMs < 9_000)
    const lastMs = Math.max(...early.flatMap((r) => (r.record === 'request' ? r.endMs : [])))
    const { report: of, window } = runOfRecords('cut', early)
    const measuredMs = lastMs - head.run.plan.phases[1]!.startMs
    expect(window.lengthMs).toBeCloseTo(measuredMs, 9)
    expect(window.plannedMs).toBe(16_000)
    const { completed, completedPerS } = of.measured
    expect(completedPerS).toBeCloseTo((1000 * completed!) / measuredMs, 9)
  })
})

test('TTFT from due counts from the start where nothing is due, as in k6', () => {
  const closed = recordOf('0', answer(3_000, 129.3, 10, 5))
  const due = recordOf('1', {
    ...answer(3_100, 100, 10, 5),
    marks: { ...answer(3_100, 100, 10, 5).marks, dueMs: ORIGIN_MS + 3_060 },
  })
  const end = { v: 1, record: 'end', atMs: 20_000 } as const
  const run = runOfRecords('r', [headOf(PHASES), closed, due, end])
  expect(run.requests!.map(({ timings }) => timings.ttftDueMs)).toEqual([130, 140.7])
  expect(figureOfRun(figureDef('ttft_due_p50')!, run)).toBeCloseTo(135.35, 9)
})

test('what a client gave up is neither completed nor failed, wherever it is counted', () => {
  const outcomes = ['completed', 'timeout', 'aborted', 'http_error', 'truncated'] as const
  const requests = outcomes.map((outcome, i) =>
    recordOf(String(i), answer(3_000 + i, 100, 10, 5, { outcome })),
  )
  const end = { v: 1, record: 'end', atMs: 20_000 } as const
  const records: AnyRecord[] = [headOf(PHASES), ...requests, end]
  const { report: of, detail, requests: samples } = runOfRecords('r', records, { detail: true })
  expect([of.measured.completed, of.measured.failed, of.measured.aborted]).toEqual([1, 3, 1])
  expect([detail!.failures, detail!.failed.length, detail!.groups[0]!.failed]).toEqual([3, 3, 3])
  const perS = detail!.series.failedPerS.reduce<number>((sum, n) => sum + (n ?? 0), 0)
  expect(perS * (detail!.series.bucketMs / 1000)).toBe(3)
  expect(samples!.filter(({ outcome }) => outcome === 'failed')).toHaveLength(3)
})
