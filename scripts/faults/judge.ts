import type { RequestRecord } from '../../lib/records/index.ts'
import type { Played } from './run.ts'
import type { Expected } from './rows.ts'

/** A row as it is judged in one wire format. */
export interface Judged {
  name: string
  expected: Expected
  /** When the server wrote its first and last token, ms since the request. */
  firstTokenMs: number | undefined
  lastTokenMs: number | undefined
}

export interface Problem {
  row: string
  what: string
  /** A busy machine may have done it: worth another try. */
  busy: boolean
}

/** How much later than a plain answer of the same run any other may be, ms. */
const LATE_MS = 300
/** The clocks of two processes, and timers that are early by less than one of their ticks. */
const EARLY_MS = 2

/**
 * What is wrong with a run of rows; nothing when each was told for what it is.
 *
 * @param rows all that were to be played; the first of them is a plain answer, whose lateness is the machine's
 */
export function judge(rows: readonly Judged[], played: Played): Problem[] {
  const { records, code, stderr, interrupted = 0 } = played
  const problems: Problem[] = []
  const ofRun = (what: string) => problems.push({ row: 'the run', what, busy: false })
  // 99: thresholds were crossed, as failures are to do.
  if (code !== 99 && code !== 0) ofRun(`k6 ended with ${code}: ${stderr.slice(-2000)}`)
  if (/panic|Uncaught|GoError|TypeError/.test(stderr)) ofRun(stderr.slice(-2000))
  if (interrupted > 0) ofRun(`${interrupted} requests were cut off by its end`)
  const lateMs = LATE_MS + latenessOf(rows[0], records)
  for (const row of rows) {
    const found = records.get(row.name) ?? []
    if (found.length === 0) problems.push({ row: row.name, what: 'no record', busy: true })
    for (const record of found) problems.push(...differences(row, record, lateMs))
  }
  return problems
}

function latenessOf(plain: Judged | undefined, records: Played['records']): number {
  const late = (records.get(plain?.name ?? '') ?? []).flatMap(({ ttftMs = 0, e2eMs = 0 }) => [
    ttftMs - (plain?.firstTokenMs ?? ttftMs),
    e2eMs - (plain?.lastTokenMs ?? e2eMs),
  ])
  return Math.max(0, ...late)
}

function differences(row: Judged, record: RequestRecord, lateMs: number): Problem[] {
  const { expected } = row
  const problems: Problem[] = []
  const wrong = (what: string, busy = false) => problems.push({ row: row.name, what, busy })
  if (record.outcome !== expected.outcome || record.reason !== expected.reason) {
    wrong(
      `${record.outcome} ${record.reason} (${(record.message ?? '').slice(0, 120)}), not ${expected.outcome} ${expected.reason}`,
      // A client that gets no turn in time gives up what it would have read.
      record.outcome === 'timeout',
    )
  } else if (expected.outcome === 'completed') figuresOf(row, record, lateMs, wrong)
  else if (hasFigures(record)) wrong('figures of a failed request')
  return problems
}

function figuresOf(
  { expected, firstTokenMs, lastTokenMs }: Judged,
  record: RequestRecord,
  lateMs: number,
  wrong: (what: string, busy?: boolean) => void,
): void {
  function same(what: string, value: unknown, right: unknown): void {
    const [given, wanted] = [value, right].map((one) => JSON.stringify(one))
    // The end of a body may be read too late by a client that is busy.
    if (given !== wanted) wrong(`${what} ${given}, not ${wanted}`, given === '["left_open"]')
  }
  function within(what: string, value = NaN, right: number | undefined): void {
    if (right === undefined || (value >= right - EARLY_MS && value <= right + lateMs)) return
    wrong(`${what} ${value} ms, not ${right}`, value > right)
  }
  const notes = (record.notes ?? []).filter((note) => !expected.mayNote.includes(note))
  same('notes', notes.sort(), [...expected.notes].sort())
  same('tokens', record.outputTokens, expected.tokens)
  same('hidden reasoning', record.hiddenReasoning ?? false, expected.hidden)
  same('malformed events', record.malformedEvents ?? 0, expected.malformed)
  within('TTFT', record.ttftMs, firstTokenMs)
  within('E2E', record.e2eMs, lastTokenMs)
  if (expected.hidden && record.tpotMs !== undefined) wrong(`TPOT ${record.tpotMs}`)
}

/** A failure is in no latency. */
function hasFigures({ ttftMs, tpotMs, e2eMs, stallMs, good }: RequestRecord): boolean {
  const latencies = [ttftMs, tpotMs, e2eMs, stallMs]
  return latencies.some((value) => value !== undefined) || good === true
}
