import {
  csvCell,
  describeProblems,
  rowObjects,
  timeReader,
  wholeNumber,
  type ProblemType,
  type TimeUnit,
  type TraceProblem,
} from '../../lib/traces/index.ts'
import { InputError } from '../command.ts'
import {
  isAroundRequests,
  settleFields,
  valueAt,
  type LogFields,
  type SettledFields,
} from './log-fields.ts'
import { logRows } from './log-rows.ts'
import { promptBlocks } from './prompt-blocks.ts'

export interface FromLogOptions {
  fields: LogFields
  /** What becomes of prompts: left out (default), block ids that show shared beginnings, or kept. */
  prompts: 'drop' | 'hash' | 'keep'
  timeUnit?: TimeUnit | undefined
  durationUnit: 's' | 'ms'
}

export interface FromLogCounts {
  written: number
  /** Fields that were added up to the input. */
  addedInputs: readonly string[]
  skipped: number
  /** Spans of agents and tools, whose usage is that of their requests. */
  around: number
  problems: TraceProblem[]
  problemCounts: Partial<Record<ProblemType, number>>
}

/** Counts for `fromLog` to fill. */
export function noCounts(): FromLogCounts {
  return {
    written: 0,
    addedInputs: [],
    skipped: 0,
    around: 0,
    problems: [],
    problemCounts: {},
  }
}

const MOST_SHOWN = 10
/** As the reader of traces has it: larger counts are none. */
const MOST_TOKENS = 10_000_000

/**
 * Turns an access log (whatever `rowObjects` reads) into lines of a trace in our own format,
 * piece by piece: held are one line, the numbers of conversations and, when hashing, of blocks.
 * A row that lacks a time or a count (a failed request) is skipped and counted. Conversations are
 * numbered: their names may be those of users. Order is the log's; reading the trace sorts it.
 * @throws InputError when the fields cannot be found or no row can be used
 */
export async function* fromLog(
  pieces: AsyncIterable<string> | Iterable<string>,
  options: FromLogOptions,
  counts: FromLogCounts,
): AsyncGenerator<string> {
  const out: string[] = []
  let times = timeReader(options.timeUnit)
  const toTrace = rowWriter(options, () => times, counts, out)
  const lines = rowObjects({
    onHeader(_names, _line, delimiter) {
      times = timeReader(options.timeUnit, undefined, delimiter)
    },
    onRow(object, line) {
      for (const row of logRows(object)) {
        if (isAroundRequests(row)) counts.around++
        else toTrace(row, line)
      }
    },
    onProblem(type, line, message) {
      if (type === 'unknown_format') throw new InputError(message)
      skip(counts, type, line, message)
    },
  })
  for await (const piece of pieces) {
    lines.feed(piece)
    yield* out.splice(0)
  }
  lines.end()
  const unclear = times.unclearCommas()
  if (unclear !== undefined) throw new InputError(unclear)
  yield* out.splice(0)
  if (counts.written === 0) {
    const [first] = counts.problems
    if (first === undefined) throw new InputError('the log is empty')
    const more = counts.skipped > 1 ? ', and so on' : ''
    throw new InputError(`no row can be used: ${describeProblems([first], {})}${more}`)
  }
}

function skip(counts: FromLogCounts, type: ProblemType, line: number, message: string): void {
  counts.skipped++
  counts.problemCounts[type] = (counts.problemCounts[type] ?? 0) + 1
  if (counts.problems.length < MOST_SHOWN) counts.problems.push({ type, line, message })
}

function rowWriter(
  options: FromLogOptions,
  timesOf: () => ReturnType<typeof timeReader>,
  counts: FromLogCounts,
  out: string[],
) {
  const durationFactor = options.durationUnit === 's' ? 1000 : 1
  const blocks = promptBlocks()
  const sessions = new Map<string, number>()
  let fields: SettledFields | undefined

  /** A row without usage (a failed request, a health check) does not tell which fields hold it. */
  const start = (row: Record<string, unknown>, line: number): SettledFields | undefined => {
    const settled = settleFields(options.fields, row)
    if (!settled.ok) {
      skip(counts, 'missing_field', line, settled.message)
      return undefined
    }
    counts.addedInputs = settled.fields.addedInputs
    const { session, app, prompt } = settled.fields
    const header = ['timestamp_ms', 'input_tokens', 'output_tokens']
    if (session !== undefined) header.push('session')
    if (app !== undefined) header.push('app')
    if (prompt !== undefined && options.prompts === 'hash') header.push('prefix_ids')
    if (prompt !== undefined && options.prompts === 'keep') header.push('prompt')
    out.push(`${header.join(',')}\n`)
    return settled.fields
  }
  const promptCell = (value: unknown): string[] => {
    // Messages in OpenAI's form are taken as they stand: equal beginnings stay equal.
    const prompt = value === undefined || value === null ? '' : textOf(value)
    if (options.prompts === 'hash') return [blocks(prompt).join(' ')]
    return options.prompts === 'keep' ? [csvCell(prompt)] : []
  }

  return (row: Record<string, unknown>, line: number): void => {
    fields ??= start(row, line)
    if (fields === undefined) return
    const { time, duration, session, app, prompt } = fields
    const times = timesOf()
    const end = times.read(valueAt(row, time))
    const mixed = times.mixed()
    if (mixed !== undefined)
      throw new InputError(`line ${line}: ${mixed}; accepted: ${times.accepted()}`)
    if (end === undefined)
      return skip(counts, 'bad_timestamp', line, `${time}: ${times.accepted()}`)
    const took = duration === undefined ? 0 : numberOf(valueAt(row, duration)) * durationFactor
    if (!(took >= 0)) return skip(counts, 'missing_field', line, `${duration}: a number, 0 or more`)
    const input = tokensOf(row, fields.input, fields.addedInputs)
    const output = tokensOf(row, fields.output)
    if (input === undefined || output === undefined) {
      const name = input === undefined ? fields.input : fields.output
      return skip(counts, 'bad_tokens', line, `${name}: a whole number of tokens is needed`)
    }
    const at = end - took
    if (at < 0) return skip(counts, 'bad_timestamp', line, `${time} less ${duration} is below 0`)
    const cells: (string | number)[] = [Number(at.toFixed(3)), input, output]
    if (session !== undefined) cells.push(sessionNumber(valueAt(row, session), sessions))
    if (app !== undefined) cells.push(csvCell(textOf(valueAt(row, app) ?? '')))
    if (prompt !== undefined) cells.push(...promptCell(valueAt(row, prompt)))
    out.push(`${cells.join(',')}\n`)
    counts.written++
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The count at a path, with those that are added to it; undefined where one is no count. */
function tokensOf(
  row: Record<string, unknown>,
  path: string,
  added: readonly string[] = [],
): number | undefined {
  const counts = [valueAt(row, path), ...added.map((name) => valueAt(row, name) ?? 0)]
  const numbers = counts.map((value) => wholeNumber(value === '' ? undefined : value))
  if (numbers.includes(undefined)) return undefined
  const sum = (numbers as number[]).reduce((a, b) => a + b, 0)
  return sum <= MOST_TOKENS ? sum : undefined
}

/** NaN for what is no number; an empty text is none. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
}

function sessionNumber(value: unknown, known: Map<string, number>): number | '' {
  if (value === undefined || value === null || value === '') return ''
  const name = textOf(value)
  const number = known.get(name) ?? known.size + 1
  known.set(name, number)
  return number
}
