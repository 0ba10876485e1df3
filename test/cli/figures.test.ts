import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Papa from 'papaparse'
import { afterAll, describe, expect, test } from 'vitest'
import { main as compare } from '../../cli/compare/index.ts'
import { main as cost } from '../../cli/cost/index.ts'
import { main as merge } from '../../cli/merge/index.ts'
import { main as report } from '../../cli/report/main.ts'
import { readRun, readRuns } from '../../cli/run-folder/index.ts'
import { measurementOf } from '../../lib/capacity/index.ts'
import type { Comparison } from '../../lib/compare/index.ts'
import { valueText } from '../../lib/compare/show.ts'
import { CATALOGUE } from '../../lib/metrics/index.ts'
import type { MetricDef } from '../../lib/metrics/index.ts'
import { latencyTable, loadTable, outcomeRows, sloTable } from '../../lib/report/index.ts'
import { sloValue } from '../../lib/report/formats/limit-text.ts'
import type { Report } from '../../lib/results/index.ts'
import { figureDef, figureOfRun } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { markdownText } from '../../lib/tables/index.ts'
import { byValue } from '../support/by-value.ts'
import { played, written } from '../support/played.ts'
import type { Left } from '../support/played.ts'
import { RUNS } from '../support/runs.ts'
import type { PlayedRun } from '../support/runs.ts'
import { terminal } from '../support/terminal.ts'

const root = mkdtempSync(path.join(tmpdir(), 'k6-inference-figures-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Every figure that compare knows by the catalogue: each latency's mean and percentiles, and the rest. */
const IDS = [
  ...(CATALOGUE as readonly MetricDef[])
    .filter(({ timing }) => timing !== undefined)
    .flatMap(({ name }) =>
      ['mean', 'p50', 'p90', 'p95', 'p99'].map((stat) => `${name.replace('llm_', '')}_${stat}`),
    ),
  'output_tokens_per_s',
  'completed_per_s',
  'good_per_s',
  'good_share',
  'error_share',
  'cached_share',
]

async function call(
  main: (argv: string[], to: ReturnType<typeof terminal>) => Promise<number>,
  ...argv: string[]
) {
  const to = terminal()
  const code = await main(argv, to)
  if (code !== 0) expect([code, to.written.note]).toEqual([0, ''])
  return to.written.out
}

/** What a report says in figures, whatever it was made from. */
function figuresOf(of: Report) {
  const { measured, total, phases, slices, slo, outcomes, groups, sweep, steadiness } = of
  const { client, lengths, drift, recovery, inFlightAtEnd, run } = of
  const { endedEarly } = run
  const scopes = byValue({ measured, total, phases, slices, slo, outcomes, groups })
  const rest = { sweep, steadiness, client, lengths, drift, recovery, inFlightAtEnd, endedEarly }
  return JSON.parse(JSON.stringify({ ...scopes, ...rest })) as Record<string, unknown>
}

/** Where two reports differ by more than the order of a sum does; what records cannot know apart. */
function differing(a: unknown, b: unknown, unknown: RegExp, at = ''): string[] {
  if (unknown.test(at)) return []
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= 1e-12 * Math.abs(a) ? [] : [`${at}: ${a} and ${b}`]
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? [] : [`${at}: ${String(a)} and ${String(b)}`]
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.flatMap((key) => {
    const [x, y] = [a, b].map((of) => (of as Record<string, unknown>)[key])
    return differing(x, y, unknown, `${at}.${key}`)
  })
}

/** Every interval of a report, and what says how certain it is. */
function intervalsOf({ measured, phases, groups, endpoints, slo, certainty, steady }: Report) {
  const of = ({ intervals }: { intervals?: unknown }) => intervals
  const rows = [measured, ...phases, ...groups, ...endpoints].map(of)
  const limits = slo.map(({ interval, more, verdict }) => ({ interval, more, verdict }))
  return { rows, limits, certainty, steady }
}

const ALL_KNOWN = /(?!)/
const NEVER_SENT = /\.dropped$/
/** By phase only finished requests are known. */
const CUT_OFF = /\.dropped$|[sS]tarted|inFlight$|\.note$/

const lefts = new Map<string, Left>()
const leftOf = (name: string) => {
  const { head, sent, elapsedMs } = RUNS[name] as PlayedRun
  const left = lefts.get(name) ?? played(head, sent, elapsedMs)
  lefts.set(name, left)
  return left
}

describe.each(Object.keys(RUNS))('a run that is %s', (name) => {
  const left = leftOf(name)
  const { results, records } = left
  const slug = name.replaceAll(' ', '-')
  const folders = {
    'results and records': written(path.join(root, `${slug}-both`), left),
    results: written(path.join(root, `${slug}-results`), { results }),
    records: written(path.join(root, `${slug}-records`), { records }),
  }
  const unknown = name === 'stopped early' ? CUT_OFF : NEVER_SENT
  const reads = new Map<string, Promise<Run>>()
  /** Read once: no test changes a run. */
  const runIn = (folder: string) => {
    const run = reads.get(folder) ?? readRun(folder)
    reads.set(folder, run)
    return run
  }

  test('has figures of every kind', () => {
    const { measured } = results
    expect(measured.completed).toBeGreaterThan(50)
    expect(Math.min(measured.failed!, measured.aborted!)).toBeGreaterThan(0)
    expect(results.run.endedEarly).toBe(name === 'stopped early')
    if (name === 'limited by the client') expect(results.client.status).toBe('limited')
    if (name === 'conversations') expect(results.groups.map(({ by }) => by)).toContain('turn')
    if (name === 'sweep') expect(results.sweep!.steps).toHaveLength(5)
  })

  test.each(Object.entries(folders))('reads the same of %s', async (from, folder) => {
    const run = await runIn(folder)
    if (from === 'records') {
      expect(differing(figuresOf(run.report), figuresOf(results), unknown)).toEqual([])
      expect(run.report.inFlightAtEnd).toBe(results.inFlightAtEnd)
    } else expect(figuresOf(run.report)).toEqual(figuresOf(results))
    expect(run.window.lengthMs).toBe(run.report.measured.lengthMs)
    expect(run.window.endedEarly).toBe(results.run.endedEarly)
  })

  test('has the intervals of its records, with or without results', async () => {
    const both = await runIn(folders['results and records'])
    const alone = await runIn(folders.records)
    expect(both.report.certainty?.source).toBe('records')
    for (const { intervals } of both.report.groups) expect(intervals).toBeDefined()
    expect(intervalsOf(both.report)).toEqual(intervalsOf(alone.report))
  })

  test.each(Object.entries(folders))('reads the same in every format, of %s', async (_, folder) => {
    const base = path.join(folder, 'out', 'report')
    await call(report, folder, '--out', base, '--formats', 'html,json,md,csv,junit,text')
    const read = (ending: string) => readFileSync(`${base}.${ending}`, 'utf8')
    const own = (await runIn(folder)).report
    expect(JSON.parse(read('json'))).toEqual(JSON.parse(JSON.stringify(own)))
    const cellsOf = (latencies: 'all' | 'measured') =>
      [
        ...[sloTable(own), latencyTable(own, latencies), loadTable(own)].flatMap(({ rows }) =>
          rows.flat(),
        ),
        ...outcomeRows(own).map(([, text]) => text),
      ].filter((cell) => /\d/.test(cell))
    const cells = cellsOf('all')
    expect(cells.length).toBeGreaterThan(40)
    const html = read('html').replace(/&#(\d+);/g, (_, c) => String.fromCharCode(Number(c)))
    const text = read('txt').replace(/\s+/g, ' ')
    for (const cell of cellsOf('measured')) expect(text).toContain(cell)
    for (const cell of cells) {
      expect(read('md')).toContain(markdownText(cell))
      expect(html).toContain(cell)
    }
    for (const v of own.slo.filter(({ verdict }) => verdict === 'missed'))
      expect(read('junit.xml')).toContain(sloValue(v))
    const rows = Papa.parse<string[]>(read('csv')).data
    const csv = new Map(
      rows.map(([scope, , figure, stat, , value]) => [`${scope} ${figure} ${stat}`, value]),
    )
    for (const { name: scope, metrics } of [own.measured, own.total, ...own.phases]) {
      for (const [metric, { kind: _kind, ...stats }] of Object.entries(metrics)) {
        for (const [stat, value] of Object.entries(stats))
          expect(csv.get(`${scope} ${metric} ${stat}`)).toBe(value === null ? '' : String(value))
      }
    }
  })

  test.each(Object.entries(folders))('reads the same in a comparison, of %s', async (_, folder) => {
    const run = await runIn(folder)
    const argv = [folder, folder, '--figure', IDS.join(), '--resamples', '100', '--allow', 'client']
    const [found] = JSON.parse(await call(compare, ...argv, '--format', 'json')) as Comparison[]
    // What is shown does not depend on the kind of run, and each call draws its resamples anew.
    const formats = name === 'whole' ? ['text', 'markdown'] : []
    const texts = await Promise.all(formats.map((to) => call(compare, ...argv, '--format', to)))
    for (const figure of found!.figures) {
      const def = figureDef(figure.id)!
      const own = def.of(run.report.measured) ?? null
      expect([figure.id, figure.before, figure.after]).toEqual([figure.id, own, own])
      expect(figureOfRun(def, run) ?? null).toBe(own)
      for (const shown of texts) expect(shown).toContain(valueText(figure, own))
    }
    const known = found!.figures.filter(({ before }) => before !== null)
    expect(known.length).toBeGreaterThan(IDS.length - 12)
  })

  test.each(Object.entries(folders))('costs and carries the same, of %s', async (_, folder) => {
    const run = await runIn(folder)
    const { measured } = run.report
    const json = JSON.parse(await call(cost, folder, '--gpu-hour', '3.6', '--format', 'json'))
    expect(json.run).toMatchObject({
      lengthMs: measured.lengthMs,
      completedPerS: measured.completedPerS,
      outputTokensPerS: measured.outputTokensPerS,
      endedEarly: results.run.endedEarly,
    })
    const [all] = json.fleets[0].lines
    expect(all.perMillionOutput).toBeCloseTo(1000 / measured.outputTokensPerS!, 9)
    const found = measurementOf(run, 10, 4_000)
    expect(found).toMatchObject({
      windowMs: measured.lengthMs,
      completed: measured.completed,
      completedPerS: measured.completedPerS,
      outputTokensPerS: measured.outputTokensPerS,
    })
    if (run.requests !== undefined) {
      expect([found.good, found.judged]).toEqual([
        measured.good,
        measured.finished! - measured.aborted!,
      ])
    }
  })

  test('its columns are made of the very requests that its figures are of', async () => {
    const run = await runIn(folders.records)
    const inside = run.requests!.filter((r) => r.measured)
    const count = (kind: string) => inside.filter(({ outcome }) => outcome === kind).length
    const { measured } = run.report
    expect([count('completed'), count('failed'), count('aborted')]).toEqual([
      measured.completed,
      measured.failed,
      measured.aborted,
    ])
    // A percentile that no report holds is of the same requests, by the same rule.
    const p95 = figureDef('ttft_p95')!
    expect(figureOfRun({ ...p95, of: () => undefined }, run)).toBe(p95.of(measured))
  })
})

describe('pods', () => {
  const { head, sent, elapsedMs } = RUNS['whole'] as PlayedRun
  const whole = leftOf('whole').results
  const pods = ['0:1/3', '1/3:2/3', '2/3:1'].map((segment, i) => {
    const own = structuredClone(head)
    own.run.plan.segment = segment
    return played(
      own,
      sent.filter((_, n) => n % 3 === i),
      elapsedMs,
    )
  })
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]

  test('are one run in every command, whatever their order', async () => {
    const parent = path.join(root, 'pods')
    const folders = pods.map((pod, i) => written(path.join(parent, `pod-${i}`), pod))
    for (const order of orders) {
      const run = await readRun(order.map((i) => folders[i]!))
      expect(differing(figuresOf(run.report), figuresOf(whole), ALL_KNOWN)).toEqual([])
    }
    const out = path.join(root, 'merged')
    const to = terminal()
    await merge(['--out', out, ...folders], to)
    const merged = await readRun(out)
    const [side] = await readRuns(parent)
    for (const { report: own } of [merged, side!])
      expect(differing(figuresOf(own), figuresOf(whole), ALL_KNOWN)).toEqual([])
    const argv = [parent, out, '--figure', IDS.join(), '--resamples', '100', '--format', 'json']
    const [found] = JSON.parse(await call(compare, ...argv)) as Comparison[]
    for (const { id, before, after } of found!.figures) {
      const own = figureDef(id)!.of(whole.measured) ?? null
      expect(differing([before, after], [own, own], ALL_KNOWN, id)).toEqual([])
    }
  })

  test('of which one was evicted say so in every command, and are the same in every order', async () => {
    const [a, b, c] = pods as [Left, Left, Left]
    const cut = c.records.filter(
      (record) => record.record === 'run' || (record.record === 'request' && record.endMs < 9_000),
    )
    const parent = path.join(root, 'evicted')
    const folders = [a, b, { records: cut }].map((pod, i) =>
      written(path.join(parent, `pod-${i}`), pod),
    )
    const runs = []
    for (const order of orders) runs.push(await readRun(order.map((i) => folders[i]!)))
    for (const run of runs) {
      expect(figuresOf(run.report)).toEqual(figuresOf(runs[0]!.report))
      expect(run.report.verdict.status).not.toBe('passed')
      expect(run.window.endedEarly).toBe(true)
      expect(run.report.pods!.cut).toHaveLength(1)
    }
  })
})
