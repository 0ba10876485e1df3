import type { ExchangeResult, Timings } from '../exchange/index.ts'
import { requestLimits } from '../metrics/index.ts'
import { endLine, requestLine, runLine, serverLine } from '../records/index.ts'
import type { RecordContext, RunRecord } from '../records/index.ts'
import type { Report } from '../results/index.ts'
import { runInfo } from './run-info.ts'
import type { PreparedTest, RunData } from './types.ts'

export type Recorder = (
  result: ExchangeResult,
  timings: Timings,
  context: Omit<RecordContext, 'limits' | 'include'>,
) => void

/** What to collect for the records, by the variable RECORDS. */
export function recorded({ config }: Pick<PreparedTest, 'config'>) {
  const { RECORDS: wanted } = config.values
  return {
    on: wanted !== 'off',
    gaps: wanted === 'gaps' || wanted === 'all',
    text: wanted === 'text' || wanted === 'all',
  }
}

/**
 * Writes each request as a line on the console, which stock k6 puts in a file with
 * `--log-format raw --console-output FILE`; undefined when records are off.
 */
export function createRecorder(test: PreparedTest): Recorder | undefined {
  const include = recorded(test)
  if (!include.on) return undefined
  const limits = requestLimits(test.config.slo)
  return (result, timings, context) =>
    console.log(requestLine(result, timings, { ...context, limits, include }))
}

/** The first line of the records: what the run is. Called by `setup()`, so once a pod. */
export function recordRun(test: PreparedTest, data: RunData): void {
  if (!recorded(test).on) return
  console.log(runLine(data.startedAt, runInfo(test, data) as unknown as RunRecord['run']))
}

/** What the server said of itself at one look, beside the requests on one time axis. */
export function recordServer(
  test: PreparedTest,
  atMs: number,
  values: Readonly<Record<string, number>>,
): void {
  if (recorded(test).on && Object.keys(values).length > 0) console.log(serverLine(atMs, values))
}

/** The last line of the records: how far the run got. Called by `teardown()`, so once a pod. */
export function recordEnd(test: PreparedTest, data: RunData | undefined, now: () => number): void {
  if (recorded(test).on && data) console.log(endLine(now() - data.loadStartMs, undefined))
}

/** The same as the summary tells it, to the last digit of the results, with what the end cut off. */
export function recordSummary(
  test: PreparedTest,
  data: RunData | undefined,
  { run: { durationMs }, inFlightAtEnd }: Report,
): void {
  if (!recorded(test).on || !data || durationMs === null) return
  console.log(endLine(durationMs - data.loadStartMs, inFlightAtEnd ?? undefined))
}
