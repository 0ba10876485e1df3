import { settleAssumptions } from './assumptions.ts'
import { columnCollector, type OptionalColumns } from './columns.ts'
import { csvRecords } from './csv.ts'
import { rowReader } from './fields.ts'
import { foreignKind } from './foreign.ts'
import { FORMATS_TEXT, jsonColumns, readHeader, RECORD_COLUMNS, type Columns } from './formats.ts'
import { jsonRowReader, parseObject, requestRow } from './json-rows.ts'
import { beginsArray, beginsJsonValues, jsonValues } from './json-values.ts'
import { lineSplitter, MAX_LINE_CHARS } from './lines.ts'
import { problemList, shown } from './problems.ts'
import { timeReader } from './times.ts'
import type { ParseOptions, TraceResult } from './types.ts'

const DEFAULTS = {
  badRows: 'refuse',
  order: 'sort',
  prompts: true,
  prefixIds: true,
  maxTokens: 10_000_000,
  maxRows: 20_000_000,
  maxPromptChars: 256 * 1024 * 1024,
  maxApps: 50,
  maxProblems: 10,
} as const

type Settings = ParseOptions & Required<Pick<ParseOptions, keyof typeof DEFAULTS>>

export interface TraceParser {
  /** The next piece of the file, of any length. */
  feed(piece: string): void
  /** After the last piece: the trace, or why there is none. The parser is empty again after it. */
  end(): TraceResult
  reset(): void
}

/**
 * Parser of a trace in any of the known formats, told by the header (CSV) or the first object (JSON
 * lines). Memory: the columns and one line. Blank lines are passed over; line ends are LF or CRLF.
 */
export function traceParser(options: ParseOptions = {}): TraceParser {
  const settings = { ...DEFAULTS, ...options } as Settings
  let run = parserRun(settings)
  return {
    feed: (piece) => run.feed(piece),
    end() {
      const result = run.end()
      run = parserRun(settings)
      return result
    },
    reset() {
      run = parserRun(settings)
    },
  }
}

/** Parses a whole trace that is in memory. */
export function parseTrace(text: string, options?: ParseOptions): TraceResult {
  const parser = traceParser(options)
  parser.feed(text)
  return parser.end()
}

function parserRun(settings: Settings) {
  const problems = problemList(settings.maxProblems)
  const rows = columnCollector()
  let blankRows = 0
  let columns: Columns<unknown> | undefined
  const zeroTokens = { input: 0, output: 0 }
  const unordered = { rows: 0, firstLine: 0 }
  let ignored: readonly string[] = []
  let badRows = 0
  /** Set when reading on is of no use: no header, or over a limit. */
  let stopped = false
  let times = timeReader(settings.timeUnit)
  let optional: OptionalColumns | undefined
  let take: ((line: string, number: number) => void) | undefined
  let takeObject: ((text: string, line: number) => void) | undefined
  let finish = () => {}
  /** Whether a blank line belongs to a quoted field. */
  let inQuotes = () => false

  const stop = (...problem: Parameters<typeof problems.add>) => {
    problems.add(...problem)
    stopped = true
  }
  const takeRow = (row: ReturnType<ReturnType<typeof rowReader>>, line: number) => {
    if (row === undefined) {
      badRows++
      if (times.mixed() !== undefined) stopped = true
      return
    }
    if (row.input === 0) zeroTokens.input++
    if (row.output === 0) zeroTokens.output++
    if (!rows.add(row, optional) && unordered.rows++ === 0) unordered.firstLine = line
    if (rows.rows() > settings.maxRows) {
      stop('too_many', line, `more than ${settings.maxRows} rows; cut the trace to a window first`)
    } else if (optional === undefined) {
      return
    } else if (rows.apps() > settings.maxApps) {
      const what = `more than ${settings.maxApps} different values in the column of applications`
      stop(
        'too_many',
        line,
        `${what}, the last ${shown(row.app)}; each becomes a series of metrics`,
      )
    } else if (rows.promptChars() > settings.maxPromptChars) {
      const what = `more than ${settings.maxPromptChars} characters of prompts`
      stop('too_many', line, `${what}; cut the trace to a window or leave the prompts out`)
    }
  }

  const optionalOf = (columns: Columns<unknown>): OptionalColumns | undefined => {
    const has = {
      session: columns.session !== undefined,
      app: columns.app !== undefined,
      prompt: columns.prompt !== undefined && settings.prompts,
      prefixIds: columns.prefixIds !== undefined && settings.prefixIds,
    }
    return Object.values(has).includes(true) ? has : undefined
  }

  const startColumns = (of: Columns<unknown>) => {
    columns = of
    times = timeReader(settings.timeUnit, of.timeUnit)
    optional = optionalOf(of)
  }
  const startCsv = (line: string, number: number) => {
    const found = readHeader(line)
    if (!found.ok) return stop(found.type, number, found.message)
    const { delimiter, names } = found.header
    const of = found.header.columns
    startColumns(of)
    ignored = found.header.ignored
    const name = (key: number) => names[key] as string
    const read = rowReader(of, name, times, problems, settings.maxTokens, settings)
    let cells: string[] = []
    const get = (key: number) => cells[key]
    const records = csvRecords(
      delimiter,
      (fields, at) => {
        if (stopped) return
        cells = fields
        // What a spreadsheet leaves below and beside its rows.
        if (fields[0] === '' && fields.every((field) => field.trim() === '')) {
          blankRows++
        } else if (fields.length > names.length && hasMore(fields, names.length)) {
          const what = `${fields.length} fields where the header has ${names.length}`
          problems.add(
            'missing_field',
            at,
            `${what}; a field with ${shown(delimiter)} needs quotes`,
          )
          badRows++
        } else {
          takeRow(read(get, at), at)
        }
      },
      (at) => {
        problems.add('bad_quotes', at, 'quotes do not match; a quote in a field is written ""')
        badRows++
      },
    )
    take = records.line
    finish = records.end
    inQuotes = records.isOpen
  }

  const startJson = (line: string, number: number) => {
    const object = parseObject(line)
    if (object === undefined) {
      badJson(number)
      return
    }
    const isRecord = typeof object['record'] === 'string' && 'v' in object
    const of = isRecord ? RECORD_COLUMNS : jsonColumns(Object.keys(object))
    if (of === undefined) {
      const what = `object with the keys ${shown(Object.keys(object).join(', '))}`
      return stop(
        'unknown_format',
        number,
        `${what} is of no known trace; accepted: ${FORMATS_TEXT}`,
      )
    }
    startColumns(of)
    const read = rowReader(of, String, times, problems, settings.maxTokens, settings)
    const rowOf = jsonRowReader(of, settings.prefixIds)
    takeObject = (text, at) => {
      const found = rowOf(text)
      if (found === undefined) return badJson(at)
      const row = isRecord ? requestRow(found) : found
      if (row === undefined) return
      takeRow(
        read((key) => row[key], at),
        at,
      )
    }
    takeObject(line, number)
  }
  // The line itself may be a prompt and is not shown.
  const badJson = (line: number) => {
    badRows++
    problems.add('bad_json', line, 'not a JSON object on one line')
  }

  const object = (text: string, line: number) => {
    if (stopped) return
    if (takeObject !== undefined) takeObject(text, line)
    else startJson(text, line)
  }
  const badValue = (line: number, what: string) => {
    // The rest of a file that was refused may or may not be in the same piece.
    if (!stopped) stop('bad_json', line, what)
  }
  let array: ReturnType<typeof jsonValues> | undefined
  let begun = false
  /** By the first line: pretty-printed objects, an object a line, or CSV. */
  const start = (line: string, number: number) => {
    const foreign = foreignKind(line)
    if (foreign !== undefined) {
      return stop('unknown_format', number, `this is ${foreign}; accepted: ${FORMATS_TEXT}`)
    }
    if (beginsJsonValues(line)) {
      const values = jsonValues(object, badValue, number)
      take = (text) => values.feed(`${text}\n`)
      finish = values.end
      take(line, number)
    } else if (line.trimStart().startsWith('{')) {
      take = object
      take(line, number)
    } else {
      startCsv(line, number)
    }
  }

  const lines = lineSplitter(
    (line, number) => {
      if (stopped) return
      if (isBlank(line) && !inQuotes()) return
      if (take !== undefined) take(line, number)
      else start(line, number)
    },
    (number) => {
      badRows++
      problems.add('too_long', number, `line of more than ${MAX_LINE_CHARS} characters`)
    },
  )
  return {
    feed(piece: string) {
      if (!begun && beginsArray(piece)) array = jsonValues(object, badValue)
      begun ||= /\S/.test(piece.slice(0, 1000))
      if (array === undefined) lines.feed(piece)
      else if (!stopped) array.feed(piece)
    },
    end(): TraceResult {
      if (array === undefined) lines.end()
      else if (!stopped) array.end()
      if (!stopped) finish()
      if (!stopped && columns === undefined && badRows === 0) {
        stop('empty', 0, 'the file is empty')
      } else if (!stopped && rows.rows() === 0 && badRows === 0) {
        stop('empty', 0, 'the file has a header but no rows')
      }
      if (unordered.rows > 0 && settings.order === 'refuse') {
        const what = `earlier than the row before it (${unordered.rows} such rows)`
        stop('unordered', unordered.firstLine, `timestamp ${what}; accepted: times that never fall`)
      }
      const made =
        stopped || columns === undefined ? undefined : rows.done(columns.format, times.dated())
      const settled =
        made === undefined || columns === undefined
          ? undefined
          : settleAssumptions(made, columns, times, settings)
      if (settled?.problem !== undefined) stop('bad_timestamp', 0, settled.problem)
      const report = {
        format: columns?.format,
        lines: (array ?? lines).count(),
        rows: rows.rows(),
        badRows,
        problems: problems.first,
        problemCounts: problems.counts,
        unordered,
        zeroTokens,
        ignoredColumns: ignored,
        blankRows,
        timeUnit: settled?.unit,
        assumed: settled?.assumed ?? [],
      }
      const refused =
        stopped || (badRows > 0 && (settings.badRows === 'refuse' || report.rows === 0))
      if (refused || made === undefined) return { ok: false, problems: problems.first, report }
      return { ok: true, trace: made, report }
    },
  }
}

function isBlank(line: string): boolean {
  return !(line.charCodeAt(0) > 32) && line.trim() === ''
}

/** Whether there is anything in the fields from an index on. */
function hasMore(fields: readonly string[], from: number): boolean {
  return fields.slice(from).some((field) => field.trim() !== '')
}
