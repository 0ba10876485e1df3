import { deliver } from '../records/index.ts'
import type { AnyRecord, RunRecord } from '../records/index.ts'
import { buildReport, CONFIDENCE, withCertainty } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { createRunCollector, elapsedMs } from './collect.ts'
import type { Collected, CollectOptions } from './collect.ts'
import { conditionsOf } from './conditions.ts'
import type { IntervalCollector } from './intervals/index.ts'
import type { MergedPods } from './pods/index.ts'
import { withSaid } from './said.ts'
import type { Run, RunSources } from './types.ts'
import { windowOf } from './window.ts'

interface Parts {
  results?: Report | undefined
  collected?: Collected | undefined
  /** For several pods: replaces their results. */
  merged?: MergedPods | undefined
  stopped?: string | undefined
}

/**
 * Makes one run from what its files hold. Figures are those of the results where there are any, else
 * they are computed from all requests by the same code.
 * @param name what the output calls the run
 * @param collected from the records, with a summarizer where there are no results
 * @param merged several pods as one run; replaces their results
 * @param stopped why the run ended before its time, where the records do not tell
 * @param sources the files that the run was read from
 * @throws Error when there are neither results nor records
 */
export function makeRun(
  name: string,
  { results, collected, merged, stopped }: Parts,
  sources: RunSources,
): Run {
  const info = merged?.info ?? (collected && infoOf(collected, stopped))
  const figures = merged
    ? buildReport({ summary: merged.summary, run: merged.info })
    : (results ?? (collected && info && reportOfRecords(collected, info)))
  if (figures === undefined) throw new Error(`${name}: neither results nor records`)
  const told = collected === undefined ? figures : withSaid(figures, collected.said)
  const window = windowOf(told, info?.plan)
  const report = certainReport(told, collected?.intervals, info)
  return {
    name,
    report,
    head: info,
    window,
    conditions: conditionsOf(report, collected?.requests),
    requests: collected?.requests,
    server: collected?.server ?? [],
    detail: collected?.detail,
    sources,
  }
}

/** What is kept of a run's records unless told otherwise. */
const KEPT: CollectOptions = { requests: true, detail: false, figures: true, intervals: true }

/**
 * A run read back from records in memory.
 * @param name what the output calls the run
 * @param options what to keep; by default requests and figures, no detail
 * @throws Error when the records are not those of one run
 */
export function runOfRecords(
  name: string,
  records: Iterable<AnyRecord>,
  options: Partial<CollectOptions> = {},
): Run {
  const collector = createRunCollector({ ...KEPT, ...options })
  const sink = collector.file(name)
  for (const record of records) deliver(record, 0, sink)
  const found = collector.collected()
  if (!found.ok) throw new Error(found.problems.join('\n'))
  const { collected } = found
  const sources = { results: [], records: [name], pods: collected.pods.length, notes: [] }
  return makeRun(name, { results: undefined, collected }, sources)
}

/**
 * A report with the intervals that the records tell, where they were collected: narrower than those of k6's
 * summary, so that some verdicts come to be decided.
 */
export function certainReport(
  report: Report,
  intervals: IntervalCollector | undefined,
  info: RunInfo | undefined,
): Report {
  if (intervals === undefined) return report
  const { confidence = CONFIDENCE, strict = false } = info ?? {}
  const found = intervals.intervals(windowOf(report, info?.plan), confidence)
  return withCertainty(report, found, { confidence, strict })
}

/** What the only process of a run says about it. */
function infoOf({ pods: [pod] }: Collected, stopped: string | undefined): RunInfo {
  const { head, end } = pod as Collected['pods'][number]
  const whole = { ...runInfoOf(head), noEnd: end === undefined, cutOff: end?.interrupted }
  const decidedMs = end?.decidedMs
  const info = decidedMs === undefined ? whole : decidedEarly(whole, decidedMs)
  return stopped === undefined ? info : { ...info, aborted: { where: 'run', reason: stopped } }
}

/** A run whose load was ended when its limits were decided: its plan is what was played. */
function decidedEarly(info: RunInfo, decidedMs: number): RunInfo {
  const whole = seconds(info.plan.endMs)
  const note = `ended after ${seconds(decidedMs)} of at most ${whole}: every limit was decided by then`
  return { ...endedAt(info, decidedMs), warnings: [...info.warnings, note] }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)}s`
}

interface PlanSpan {
  readonly phases: readonly { readonly startMs: number; readonly endMs: number }[]
  readonly endMs: number
}

/** The same run with a plan that ends earlier. @param atMs from the start of the load */
export function endedAt<T extends { readonly plan: PlanSpan }>(run: T, atMs: number): T {
  const phases = run.plan.phases
    .filter(({ startMs }) => startMs < atMs)
    .map((phase) => ({ ...phase, endMs: Math.min(phase.endMs, atMs) }))
  return { ...run, plan: { ...run.plan, phases, endMs: Math.min(run.plan.endMs, atMs) } }
}

/** What a report must know about a run, from the first line of its records. */
export function runInfoOf({ run, startedAt }: RunRecord): RunInfo {
  return { ...run, startedAt } as unknown as RunInfo
}

/** What records cannot know has no value: requests never sent, and those cut off, by phase. */
function reportOfRecords({ summarizer, pods, server }: Collected, run: RunInfo): Report {
  if (summarizer === undefined) throw new Error('records were read without their figures')
  for (const record of server) summarizer.addServer(record)
  const summary = summarizer.summary(elapsedMs(pods))
  // In records the load starts at 0.
  const report = buildReport({ summary, run: { ...run, loadStartMs: 0, finishedOnly: true } })
  const warning = { type: FROM_RECORDS, message: FROM_RECORDS_TEXT }
  return { ...report, warnings: [...report.warnings, warning] }
}

/** Type of the warning on a report that was computed from records alone. */
export const FROM_RECORDS = 'from_records'
const FROM_RECORDS_TEXT =
  'figures were computed from the request records alone: requests that the end of the run cut off are in no phase, those never sent and own checks and metrics are not known'
