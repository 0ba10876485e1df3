import { deliver } from '../records/index.ts'
import type { AnyRecord, RunRecord } from '../records/index.ts'
import { buildReport } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { createRunCollector, elapsedMs } from './collect.ts'
import type { Collected, CollectOptions } from './collect.ts'
import { conditionsOf } from './conditions.ts'
import type { MergedPods } from './pods/index.ts'
import type { Run, RunSources } from './types.ts'
import { windowOf } from './window.ts'

interface Parts {
  results?: Report | undefined
  collected?: Collected | undefined
  /** Of several pods: in place of their results. */
  merged?: MergedPods | undefined
  stopped?: string | undefined
}

/**
 * Makes one run of what its files hold. Figures are the results' own where there are results, else
 * they are computed of all requests by the same code.
 * @param collected of the records, with a summarizer where there are no results
 * @param stopped why the run ended before its time, where the records do not tell
 * @throws Error when there is neither
 */
export function makeRun(
  name: string,
  { results, collected, merged, stopped }: Parts,
  sources: RunSources,
): Run {
  const info = merged?.info ?? (collected && infoOf(collected, stopped))
  const report = merged
    ? buildReport({ summary: merged.summary, run: merged.info })
    : (results ?? (collected && info && reportOfRecords(collected, info)))
  if (report === undefined) throw new Error(`${name}: neither results nor records`)
  return {
    name,
    report,
    head: info,
    window: windowOf(report, info?.plan),
    conditions: conditionsOf(report, collected?.requests),
    requests: collected?.requests,
    server: collected?.server ?? [],
    detail: collected?.detail,
    sources,
  }
}

/**
 * A run as it is read back of records in memory.
 * @throws Error when they are not one run's
 */
export function runOfRecords(
  name: string,
  records: Iterable<AnyRecord>,
  options: Partial<CollectOptions> = {},
): Run {
  const collector = createRunCollector({ requests: true, detail: false, figures: true, ...options })
  const sink = collector.file(name)
  for (const record of records) deliver(record, 0, sink)
  const found = collector.collected()
  if (!found.ok) throw new Error(found.problems.join('\n'))
  const { collected } = found
  const sources = { results: [], records: [name], pods: collected.pods.length, notes: [] }
  return makeRun(name, { results: undefined, collected }, sources)
}

/** The run as its one process tells it. */
function infoOf({ pods: [pod] }: Collected, stopped: string | undefined): RunInfo {
  const { head, end } = pod as Collected['pods'][number]
  const info = { ...runInfoOf(head), noEnd: end === undefined, cutOff: end?.interrupted }
  return stopped === undefined ? info : { ...info, aborted: { where: 'run', reason: stopped } }
}

/** What a report must be told of a run, from the first line of its records. */
export function runInfoOf({ run, startedAt }: RunRecord): RunInfo {
  return { ...run, startedAt } as unknown as RunInfo
}

/** What records cannot know has no value: requests that were never sent, those cut off by phase. */
function reportOfRecords({ summarizer, pods, server }: Collected, run: RunInfo): Report {
  if (summarizer === undefined) throw new Error('records were read without their figures')
  for (const record of server) summarizer.addServer(record)
  const summary = summarizer.summary(elapsedMs(pods))
  // The records' clock begins with the load.
  const report = buildReport({ summary, run: { ...run, loadStartMs: 0, finishedOnly: true } })
  const warning = { type: FROM_RECORDS, message: FROM_RECORDS_TEXT }
  return { ...report, warnings: [...report.warnings, warning] }
}

/** Warning of a report that was computed of records alone. */
export const FROM_RECORDS = 'from_records'
const FROM_RECORDS_TEXT =
  'figures were computed of the request records alone: requests that the end of the run cut off are in no phase, those never sent and own checks and metrics are not known'
