import type { RequestRecord } from '../../lib/records/index.ts'
import type { FormatName } from '../../simulator/index.ts'
import type { Played } from './run.ts'
import type { Expected } from './rows.ts'

/** A row as it is judged in one wire format. */
export interface Judged {
  name: string
  format: FormatName
  expected: Expected
  firstTokenMs: number | undefined
  lastTokenMs: number | undefined
}

/** A busy machine may be this much late, ms. */
const LATE_MS = 900
/** The clocks of two processes, and timers that are early by less than one of their ticks. */
const EARLY_MS = 2

/**
 * What is wrong with a run of rows; nothing when each was told for what it is.
 *
 * @param judged every row that was to be played
 */
export function judge(
  judged: readonly Judged[],
  { records, code, stderr, interrupted = 0 }: Played,
): string[] {
  const problems: string[] = []
  // 99: thresholds were crossed, as failures are to do.
  if (code !== 99 && code !== 0) problems.push(`k6 ended with ${code}: ${stderr.slice(-2000)}`)
  if (/panic|Uncaught|GoError|TypeError/.test(stderr)) problems.push(stderr.slice(-2000))
  if (interrupted > 0) problems.push(`${interrupted} requests were cut off by the end of the run`)
  for (const row of judged) {
    const found = records.get(row.name) ?? []
    if (found.length === 0) problems.push(`${row.name}, ${row.format}: no record`)
    for (const record of found) {
      for (const wrong of differences(row, record))
        problems.push(
          `${row.name}, ${row.format}: ${wrong}${record.message === undefined ? '' : ` (${record.message.slice(0, 120)})`}`,
        )
    }
  }
  return problems
}

function differences(
  { expected, firstTokenMs, lastTokenMs }: Judged,
  record: RequestRecord,
): string[] {
  const said = { outcome: record.outcome, reason: record.reason }
  const wanted = { outcome: expected.outcome, reason: expected.reason }
  if (JSON.stringify(said) !== JSON.stringify(wanted))
    return [`${said.outcome} ${said.reason}, not ${wanted.outcome} ${wanted.reason}`]
  if (expected.outcome !== 'completed') return figuresOfFailure(record)
  const wrong: string[] = []
  function same(what: string, value: unknown, right: unknown): void {
    if (JSON.stringify(value) !== JSON.stringify(right))
      wrong.push(`${what} ${JSON.stringify(value)}, not ${JSON.stringify(right)}`)
  }
  function within(what: string, value: number | undefined, right: number | undefined): void {
    if (right === undefined) return
    if (!(value! >= right - EARLY_MS && value! <= right + LATE_MS))
      wrong.push(`${what} ${value}, not ${right}`)
  }
  same('notes', [...(record.notes ?? [])].sort(), [...expected.notes].sort())
  same('tokens', record.outputTokens, expected.tokens)
  same('hidden reasoning', record.hiddenReasoning ?? false, expected.hidden)
  same('malformed events', record.malformedEvents ?? 0, expected.malformed)
  within('TTFT', record.ttftMs, firstTokenMs)
  within('E2E', record.e2eMs, lastTokenMs)
  if (expected.hidden && record.tpotMs !== undefined) wrong.push(`TPOT ${record.tpotMs}`)
  return wrong
}

/** A failure is in no latency. */
function figuresOfFailure({ ttftMs, tpotMs, e2eMs, stallMs, good }: RequestRecord): string[] {
  const any = [ttftMs, tpotMs, e2eMs, stallMs].some((value) => value !== undefined) || good === true
  return any ? ['figures of a failed request'] : []
}
