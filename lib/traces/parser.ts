import { settleAssumptions } from './assumptions.ts'
import { agentRows } from './agent-rows.ts'
import { columnCollector, type OptionalColumns, type TraceRow } from './columns.ts'
import { rowReader } from './fields.ts'
import { fileRows } from './file-rows.ts'
import { FORMATS_TEXT, objectColumns, readHeader, type Columns } from './formats.ts'
import { jsonRowReader, parseObject } from './json-rows.ts'
import { problemList, shown } from './problems.ts'
import { timeReader } from './times.ts'
import type { ParseOptions, ProblemType, TraceReport, TraceResult } from './types.ts'

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
  const zeroTokens = { input: 0, output: 0 }
  let columns: Columns<unknown> | undefined
  let times = timeReader(settings.timeUnit)
  let optional: OptionalColumns | undefined
  let takeObject: ((text: string, line: number) => void) | undefined
  let ignored: readonly string[] = []
  let badRows = 0
  /** Of agents, each with times from its own start. */
  let conversations = 0
  /** Set when reading on is of no use: no header, or over a limit. */
  let stopped = false

  const stop = (type: ProblemType, line: number, message: string) => {
    problems.add(type, line, message)
    stopped = true
    file.stop()
  }
  const bad = (type: ProblemType, line: number, message: string) => {
    problems.add(type, line, message)
    badRows++
  }
  // The line itself may be a prompt and is not shown.
  const badJson = (_text: string, line: number) =>
    bad('bad_json', line, 'not a JSON object on one line')

  const keep = (row: TraceRow | undefined, line: number) => {
    if (row === undefined) {
      badRows++
      if (times.mixed() !== undefined) {
        stopped = true
        file.stop()
      }
      return
    }
    if (row.input === 0) zeroTokens.input++
    if (row.output === 0) zeroTokens.output++
    const count = rows.add(row, optional, line)
    if (count > settings.maxRows) {
      stop('too_many', line, `more than ${settings.maxRows} rows; cut the trace to a window first`)
    } else if (optional !== undefined) {
      const problem = tooMany(rows, row, settings)
      if (problem !== undefined) stop('too_many', line, problem)
    }
  }
  const begin = <Key extends string | number>(
    of: Columns<Key>,
    name: (key: Key) => string,
    delimiter?: string,
  ) => {
    columns = of
    times = timeReader(settings.timeUnit, of.timeUnit, delimiter)
    optional = optionalOf(of, settings)
    return rowReader(of, name, times, problems, settings.maxTokens, settings)
  }
  /** The first object tells what the keys of all are. */
  const beginObjects = (text: string, line: number) => {
    const object = parseObject(text)
    if (object === undefined) return badJson
    const of = objectColumns(object)
    if (of === undefined) {
      const what = `object with the keys ${shown(Object.keys(object).join(', '))}`
      stop('unknown_format', line, `${what} is of no known trace; accepted: ${FORMATS_TEXT}`)
      return undefined
    }
    const read = begin(of, String)
    if (of.format === 'agents') {
      const rowsOf = agentRows(of.blockTokens)
      return (json: string, at: number) => {
        const conversation = parseObject(json)
        if (conversation === undefined) return badJson(json, at)
        const found = rowsOf(conversation)
        if (typeof found === 'string') return bad('bad_conversation', at, found)
        conversations++
        for (const row of found) keep(read(row, at), at)
      }
    }
    const rowOf = jsonRowReader(of, settings.prefixIds)
    return (json: string, at: number) => {
      const row = rowOf(json)
      if (row === undefined) badJson(json, at)
      else if (row !== 'other') keep(read(row, at), at)
    }
  }

  const file = fileRows({
    onHeader(line, number) {
      const found = readHeader(line)
      if (!found.ok) {
        stop(found.type, number, found.message)
        return undefined
      }
      const { delimiter, names } = found.header
      ignored = found.header.ignored
      const read = begin(found.header.columns, (key) => names[key] as string, delimiter)
      const onRow = (cells: readonly string[], at: number) => keep(read(cells, at), at)
      return { delimiter, columns: names.length, onRow }
    },
    onObject(text, line) {
      const take = takeObject ?? beginObjects(text, line)
      // Until an object tells the columns, each is the first.
      if (columns !== undefined) takeObject = take
      take?.(text, line)
    },
    onBadRow: bad,
    onRefused(type, line, message) {
      const accepted = type === 'unknown_format' ? `; accepted: ${FORMATS_TEXT}` : ''
      stop(type, line, message + accepted)
    },
  })

  const judgeWhole = () => {
    if (!stopped && columns === undefined && badRows === 0) {
      stop('empty', 0, 'the file is empty')
    } else if (!stopped && rows.rows() === 0 && badRows === 0) {
      stop('empty', 0, 'the file has a header but no rows')
    }
    const { unordered } = rows
    if (unordered.rows > 0 && settings.order === 'refuse') {
      const what = `earlier than the row before it (${unordered.rows} such rows)`
      stop('unordered', unordered.firstLine, `timestamp ${what}; accepted: times that never fall`)
    }
  }
  const settle = (of: Columns<unknown>) => {
    const trace = rows.done(of.format, times.dated())
    const settled = settleAssumptions(trace, of, times, settings)
    if (conversations > 1)
      settled.assumed.push(
        `${conversations} conversations begin together: each counts from its start`,
      )
    if (settled.problem !== undefined) stop('bad_timestamp', 0, settled.problem)
    return { trace, settled }
  }
  return {
    feed: file.feed,
    end(): TraceResult {
      file.end()
      judgeWhole()
      const made = stopped || columns === undefined ? undefined : settle(columns)
      const report: TraceReport = {
        format: columns?.format,
        lines: file.lines(),
        rows: rows.rows(),
        badRows,
        problems: problems.first,
        problemCounts: problems.counts,
        unordered: rows.unordered,
        zeroTokens,
        ignoredColumns: ignored,
        blankRows: file.blankRows(),
        timeUnit: made?.settled.unit,
        assumed: made?.settled.assumed ?? [],
      }
      const refused =
        stopped || (badRows > 0 && (settings.badRows === 'refuse' || report.rows === 0))
      if (refused || made === undefined) return { ok: false, problems: problems.first, report }
      return { ok: true, trace: made.trace, report }
    },
  }
}

function optionalOf(
  columns: Columns<unknown>,
  wanted: Pick<Settings, 'prompts' | 'prefixIds'>,
): OptionalColumns | undefined {
  const has = {
    session: columns.session !== undefined,
    app: columns.app !== undefined,
    prompt: columns.prompt !== undefined && wanted.prompts,
    prefixIds: columns.prefixIds !== undefined && wanted.prefixIds,
  }
  return Object.values(has).includes(true) ? has : undefined
}

/** Why a trace is more than can be played, after a row; undefined while it is not. */
function tooMany(
  rows: Pick<ReturnType<typeof columnCollector>, 'apps' | 'promptChars'>,
  row: TraceRow,
  { maxApps, maxPromptChars }: Settings,
): string | undefined {
  if (rows.apps() > maxApps) {
    const what = `more than ${maxApps} different values in the column of applications`
    return `${what}, the last ${shown(row.app)}; each becomes a series of metrics`
  }
  if (rows.promptChars() <= maxPromptChars) return undefined
  const what = `more than ${maxPromptChars} characters of prompts`
  return `${what}; cut the trace to a window or leave the prompts out`
}
