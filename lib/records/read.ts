import { checkRecord } from './check.ts'
import type {
  AnswerRecord,
  AnyRecord,
  EndRecord,
  RequestRecord,
  RunRecord,
  ServerRecord,
} from './types.ts'

export interface RecordProblem {
  /** 1-based. */
  line: number
  message: string
}

export interface RecordSink {
  onRequest(record: RequestRecord, line: number): void
  /** The texts of a request, after its own record. */
  onAnswer?(record: AnswerRecord, line: number): void
  onRun?(record: RunRecord, line: number): void
  onServer?(record: ServerRecord, line: number): void
  onEnd?(record: EndRecord, line: number): void
  onProblem(problem: RecordProblem): void
}

export interface RecordTotals {
  lines: number
  requests: number
  problems: number
  /** Console lines that are not records: a script's own messages and k6's warnings. */
  foreign: number
}

export interface RecordReader {
  /** Takes the next stretch of the file's text, of any length. */
  feed(text: string): void
  /** Call once, after the last text. A last line without a line end is read too. */
  end(): RecordTotals
}

/** A record with text may be long; anything longer than this is no record, so that memory stays bounded. */
const LONGEST_LINE = 16 * 1024 * 1024

/** What `kubectl logs` writes before a line with `--prefix`, with `--timestamps`, or with both. */
const LOG_PREFIX =
  /^(?:\[([^\]\s]{1,400})\] )?(?:\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) )?(?=\{"(?:v|record)":)/

/**
 * Reads a records file; the caller does the file I/O. `onProblem` gets every line that begins like a
 * record but is none: cut lines, other versions, wrong types, lines of a second pod.
 *
 * k6 writes the whole console to this file, so lines that do not begin with `{` are other messages, and
 * are only counted. The prefixes of `kubectl logs` are taken off first.
 * @param sink callbacks per kind of record, each with the line's number from 1
 */
export function createRecordReader(sink: RecordSink): RecordReader {
  let rest = ''
  let skipping = false
  let source: string | undefined
  const totals: RecordTotals = { lines: 0, requests: 0, problems: 0, foreign: 0 }

  return { feed, end }

  function feed(text: string): void {
    let from = 0
    let to = text.indexOf('\n')
    while (to >= 0) {
      const piece = text.slice(from, to)
      line(rest === '' ? piece : rest + piece, true)
      rest = ''
      from = to + 1
      to = text.indexOf('\n', from)
    }
    if (skipping) return
    rest += text.slice(from)
    if (rest.length > LONGEST_LINE) {
      problem(totals.lines + 1, `is longer than ${LONGEST_LINE} characters`)
      skipping = true
      rest = ''
    }
  }

  function end(): RecordTotals {
    if (rest !== '' || skipping) line(rest, false)
    rest = ''
    return { ...totals }
  }

  function line(raw: string, ended: boolean): void {
    totals.lines++
    if (skipping) {
      skipping = false
      return
    }
    const text = raw.trim()
    if (text === '') return
    // Some editors put a byte order mark before the first line.
    const own = totals.lines === 1 ? text.replace(/^\ufeff/, '') : text
    const json = own.startsWith('{') ? own : unprefixed(own)
    if (json === undefined) return
    if (!json.startsWith('{')) {
      totals.foreign++
      return
    }
    let data: unknown
    try {
      data = JSON.parse(json)
    } catch (error) {
      const cut = ended ? '' : ' (it has no line end: the file was cut here)'
      problem(totals.lines, `is not JSON: ${(error as Error).message}${cut}`)
      return
    }
    const checked = checkRecord(data)
    if (!checked.ok) return problem(totals.lines, checked.message)
    if (checked.record.record === 'request') totals.requests++
    deliver(checked.record, totals.lines, sink)
  }

  /** @returns undefined for a line of another pod than the lines before it, which is a problem */
  function unprefixed(text: string): string | undefined {
    const found = LOG_PREFIX.exec(text)
    if (found === null) return text
    const [prefix, from] = found
    source ??= from
    if (from === source) return text.slice(prefix.length)
    problem(totals.lines, `is of ${from}, lines before it of ${source}: keep one log per pod`)
    return undefined
  }

  function problem(at: number, message: string): void {
    totals.problems++
    sink.onProblem({ line: at, message })
  }
}

/**
 * Passes a record to the callback for its kind.
 * @param line number of the record's line, from 1; 0 when it comes from no file
 */
export function deliver(
  record: AnyRecord,
  line: number,
  sink: Omit<RecordSink, 'onProblem'>,
): void {
  switch (record.record) {
    case 'request':
      return sink.onRequest(record, line)
    case 'answer':
      return sink.onAnswer?.(record, line)
    case 'run':
      return sink.onRun?.(record, line)
    case 'server':
      return sink.onServer?.(record, line)
    case 'end':
      return sink.onEnd?.(record, line)
  }
}
