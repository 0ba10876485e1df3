import { deliver } from '../records/index.ts'
import type { AnyRecord, EndRecord, RunRecord } from '../records/index.ts'
import { buildReport, CONFIDENCE, withCertainty } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { withAnswers } from './answers.ts'
import { createRunCollector, elapsedMs } from './collect.ts'
import type { Collected, CollectOptions } from './collect.ts'
import { conditionsOf } from './conditions.ts'
import type { IntervalCollector } from './intervals/index.ts'
import type { MergedPods } from './pods/index.ts'
import { withSaid } from './said.ts'
import { endedAt, onlySeen } from './seen.ts'
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
  const certain = certainReport(told, collected?.intervals, info)
  const report = withAnswers(certain, collected?.detail?.tail)
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
  const all = [...records]
  const [end] = all.filter((record) => record.record === 'end').slice(-1)
  const kept = end?.decided === undefined ? sink : onlySeen(sink, end.decided)
  all.forEach((record, i) => deliver(record, i + 1, kept))
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
  const info = end === undefined ? whole : lookedAt(whole, end)
  return stopped === undefined ? info : { ...info, aborted: { where: 'run', reason: stopped } }
}

/** A run with the confidence of the look that counts; where the load was ended by it, its plan is what that saw. */
function lookedAt(info: RunInfo, { decided, confidence }: EndRecord): RunInfo {
  if (confidence === undefined) return info
  const whole = seconds(info.plan.endMs)
  const [end, wrong] = [
    decided?.endMs,
    `${Math.round(100 * (1 - (info.confidence ?? CONFIDENCE)))} %`,
  ]
  const looks = `looked at while it went on: intervals are wider, so that with all looks together at most ${wrong} of such runs decide a limit wrongly`
  const note =
    end === undefined
      ? looks
      : `every limit was decided by the requests due in the first ${seconds(end)} of at most ${whole}, and this report is of those; ${looks}`
  const seen = end === undefined ? info : endedAt(info, end)
  return { ...seen, confidence, warnings: [...info.warnings, note] }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)}s`
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
