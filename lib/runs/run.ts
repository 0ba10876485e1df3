import type { RunRecord } from '../records/index.ts'
import { buildReport } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { segmentOf } from './collect.ts'
import type { Collected } from './collect.ts'
import { conditionsOf } from './conditions.ts'
import type { Run, RunSources } from './types.ts'
import { windowOf } from './window.ts'

interface Parts {
  results: Report | undefined
  collected: Collected | undefined
  stopped?: string | undefined
}

/**
 * Makes one run of what its files hold. Figures are the results' own where there are results, else
 * they are computed of all requests by the same code.
 * @param collected of the records, with a summary where there are no results
 * @param stopped why the run ended before its time, where the records do not tell
 * @throws Error when there is neither
 */
export function makeRun(
  name: string,
  { results, collected, stopped }: Parts,
  sources: RunSources,
): Run {
  const info = collected === undefined ? undefined : infoOf(collected, stopped)
  const report = results ?? (collected && info && reportOfRecords(collected, info))
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

/** The run as the process that began first tells it. */
function infoOf({ pods }: Collected, stopped: string | undefined): RunInfo {
  const [first] = [...pods].sort((a, b) => (a.head.startedAt < b.head.startedAt ? -1 : 1))
  const noEnd = pods.some(({ end }) => end === undefined)
  const told = runInfoOf((first as (typeof pods)[number]).head)
  const info = { ...told, plan: { ...told.plan, segment: segmentOf(pods) }, noEnd }
  return stopped === undefined ? info : { ...info, aborted: { where: 'run', reason: stopped } }
}

/** What a report must be told of a run, from the first line of its records. */
export function runInfoOf({ run, startedAt }: RunRecord): RunInfo {
  return { ...run, startedAt } as unknown as RunInfo
}

/** What records cannot know has no value: requests cut off by the end, and those never sent. */
function reportOfRecords({ summary }: Collected, run: RunInfo): Report {
  // The records' clock begins with the load.
  const report = buildReport({ summary, run: { ...run, loadStartMs: 0 } })
  const bare = <S extends Report['total']>(scope: S): S => ({ ...scope, dropped: null })
  return {
    ...report,
    measured: bare(report.measured),
    total: bare(report.total),
    phases: report.phases.map(bare),
    droppedIterations: null,
    inFlightAtEnd: null,
    warnings: [...report.warnings, { type: FROM_RECORDS, message: FROM_RECORDS_TEXT }],
  }
}

/** Warning of a report that was computed of records alone. */
export const FROM_RECORDS = 'from_records'
const FROM_RECORDS_TEXT =
  'figures were computed of the request records alone: requests that the end of the run cut off, those never sent, and own checks and metrics are not in them'
