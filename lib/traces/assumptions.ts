import { blockSizeOf } from './block-size.ts'
import { CHAT_ID } from './json-rows.ts'
import type { Columns } from './formats.ts'
import type { timeReader } from './times.ts'
import type { ParseOptions, TimeUnit, Trace } from './types.ts'

/** A trace that lasts longer has times of different kinds: two units, or 1970 among dates. */
const MOST_DAYS = 1000
const DAY_MS = 86_400_000
/** Whole numbers without a unit that are further apart in the mean may as well be milliseconds. */
const UNCLEAR_GAP_MS = 100_000

const UNIT_NAMES: Record<TimeUnit, string> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
}

export interface Assumptions {
  /** Unit of numeric times. */
  unit: TimeUnit | undefined
  /** What was taken for granted, each with what told it. */
  assumed: string[]
  /** Why the times cannot be right. */
  problem?: string
}

/**
 * Settles what a file does not say, once all rows are there: the unit of its times and the size of
 * its blocks. Changes the trace.
 */
export function settleAssumptions(
  trace: Trace,
  columns: Columns<unknown>,
  times: ReturnType<typeof timeReader>,
  given: Pick<ParseOptions, 'timeUnit' | 'blockTokens'>,
): Assumptions {
  const assumed: string[] = []
  const isChat = columns.session === CHAT_ID
  let unit = times.unit()
  if (unit !== undefined && given.timeUnit === undefined) {
    if (isChat) {
      assumed.push('times are seconds (chat_id: a trace of Qwen-Bailian)')
    } else if (columns.format === 'mooncake' && !times.whole()) {
      unit = 's'
      for (let i = 0; i < trace.rows; i++) trace.atMs[i] = (trace.atMs[i] as number) * 1000
      assumed.push("times are seconds (they have fractions; Mooncake's are whole milliseconds)")
    } else if (columns.timeUnit === undefined) {
      assumed.push(`times are ${UNIT_NAMES[unit]} (by their size)`)
    }
  }
  if (times.decimalComma()) assumed.push('commas in times are decimal commas')
  settleBlocks(trace, columns.blockTokens, isChat, given.blockTokens, assumed)
  const doubted = given.timeUnit === undefined && columns.timeUnit === undefined && unit === 's'
  const problem =
    times.unclearCommas() ?? timeProblem(trace, doubted && times.whole() && times.sinceStart())
  return { unit, assumed, ...(problem === undefined ? {} : { problem }) }
}

function settleBlocks(
  trace: Trace,
  named: number | undefined,
  isChat: boolean,
  given: number | undefined,
  assumed: string[],
): void {
  const { prefixIds } = trace
  const usual = isChat ? 16 : 512
  trace.blockTokens = given ?? named ?? usual
  if (prefixIds === undefined || given !== undefined || named !== undefined) return
  const size = blockSizeOf({ ...trace, prefixIds }, usual)
  trace.blockTokens = size ?? usual
  assumed.push(
    size === undefined
      ? `blocks of ${usual} tokens, though the ids do not fit the input lengths: BLOCK_TOKENS (--block-tokens) gives their size`
      : `blocks of ${size} tokens (the ids against the input lengths)`,
  )
}

/** @param unclear whether the numbers may be seconds or milliseconds */
function timeProblem(trace: Trace, unclear: boolean): string | undefined {
  const lastMs = trace.rows === 0 ? 0 : (trace.atMs[trace.rows - 1] as number)
  if (lastMs > MOST_DAYS * DAY_MS) {
    const days = Math.round(lastMs / DAY_MS)
    return `from the first request to the last are ${days} days; accepted: up to ${MOST_DAYS}; are there times of two units, or since 1970 and since a start, in one file?`
  }
  const gapMs = lastMs / (trace.rows - 1)
  if (!unclear || !(gapMs >= UNCLEAR_GAP_MS)) return undefined
  return `times are whole numbers, ${Math.round(gapMs / 1000)} apart in the mean: seconds or milliseconds? Name the column timestamp_s or timestamp_ms, or give TRACE_UNIT (--time-unit)`
}
