import type { ExchangeResult, Session, Timings } from '../exchange/index.ts'
import { requestLimits } from '../metrics/index.ts'
import { answerLine, endLine, requestLine, runLine, serverLine } from '../records/index.ts'
import type { AnswerTexts, RecordContext, RunRecord } from '../records/index.ts'
import type { Report } from '../results/index.ts'
import { runInfo } from './run-info.ts'
import type { PreparedTest, RunData } from './types.ts'

export type Recorder = (
  result: ExchangeResult,
  timings: Timings,
  redact: Session['redact'],
  context: Omit<RecordContext, 'limits' | 'include'>,
) => void

/** What the records need, depending on the variable RECORDS. */
export function recorded({ config }: Pick<PreparedTest, 'config'>) {
  const { RECORDS: wanted } = config.values
  return {
    on: wanted !== 'off',
    gaps: wanted === 'gaps' || wanted === 'all',
    text: wanted === 'text' || wanted === 'all',
  }
}

/**
 * Writes one line per request to the console, which stock k6 sends to a file with
 * `--log-format raw --console-output FILE`; undefined when records are off.
 */
export function createRecorder(test: PreparedTest): Recorder | undefined {
  const { on, gaps, text } = recorded(test)
  if (!on) return undefined
  const limits = requestLimits(test.config.slo)
  return (result, timings, redact, context) => {
    const include = { gaps, text: text ? redact : undefined }
    console.log(requestLine(result, timings, { ...context, limits, include }))
  }
}

/** Writes the texts of a request, after its own line: only where they were asked for. */
export function recordAnswer(id: string, texts: AnswerTexts, redact: Session['redact']): void {
  console.log(answerLine(id, texts, redact))
}

/** Writes the first line of the records: what the run is. Called by `setup()`, so once per pod. */
export function recordRun(test: PreparedTest, data: RunData): void {
  if (!recorded(test).on) return
  console.log(runLine(data.startedAt, runInfo(test, data) as unknown as RunRecord['run']))
}

/** Writes the server's own figures at one poll, on the same time axis as the requests. */
export function recordServer(
  test: PreparedTest,
  atMs: number,
  poll: Parameters<typeof serverLine>[1],
): void {
  if (recorded(test).on) console.log(serverLine(atMs, poll))
}

/**
 * Writes the last line of the records: how far the run got. Called by `teardown()`, so once per pod. k6 has
 * no run clock there, so it is the wall-clock time since `setup()` set its `loadStartMs`.
 */
export function recordEnd(test: PreparedTest, data: RunData | undefined): void {
  if (!recorded(test).on || !data) return
  console.log(endLine(Date.now() - Date.parse(data.startedAt), undefined))
}

/** The same line with the summary's values, to the last digit of the results, and with requests cut off. */
export function recordSummary(
  test: PreparedTest,
  data: RunData | undefined,
  { run: { durationMs }, inFlightAtEnd }: Report,
): void {
  if (!recorded(test).on || !data || durationMs === null) return
  console.log(endLine(durationMs - data.loadStartMs, inFlightAtEnd ?? undefined))
}
