import {
  isPackedTable,
  isWholeTable,
  packTable,
  tableReader,
  type ColumnInput,
} from '../packed/index.ts'
import type { Trace, TraceFormat } from './types.ts'

/** Times are packed as whole microseconds: finer than any clock here, and whole numbers pack small. */
const US = 1000

interface TraceNotes {
  format: TraceFormat
  appNames: readonly string[]
  blockTokens: number
  startEpochMs: number | null
  lastMs: number
}

/**
 * A trace as strings for a SharedArray, or the lines of a packed file (`trace convert`).
 * 7 to 12 bytes a request for times and lengths; what a VU holds is a few chunks of about 10 KB.
 * @param notes anything else that readers are to know, plain JSON
 */
export function packTrace(trace: Trace, notes: Record<string, unknown> = {}): string[] {
  const columns: ColumnInput[] = [
    { name: 'atUs', kind: 'int', values: trace.atMs.map((at) => Math.round(at * US)) },
    { name: 'input', kind: 'int', values: trace.inputTokens },
    { name: 'output', kind: 'int', values: trace.outputTokens },
  ]
  if (trace.sessions) columns.push({ name: 'session', kind: 'int', values: trace.sessions })
  if (trace.apps) columns.push({ name: 'app', kind: 'int', values: trace.apps })
  if (trace.prefixIds) columns.push({ name: 'prefixIds', kind: 'ids', ...trace.prefixIds })
  if (trace.prompts) columns.push({ name: 'prompt', kind: 'text', values: trace.prompts })
  const trailer: TraceNotes = {
    format: trace.format,
    appNames: trace.appNames,
    blockTokens: trace.blockTokens,
    startEpochMs: trace.startEpochMs ?? null,
    lastMs: trace.rows === 0 ? 0 : (trace.atMs[trace.rows - 1] as number),
  }
  return packTable(trace.rows, columns, { ...notes, trace: trailer })
}

/** Random access to a packed trace; rows from 0. */
export interface TraceReader {
  rows: number
  /** When the request is due, ms after the load's start. */
  dueMs(row: number): number
  inputTokens(row: number): number
  outputTokens(row: number): number
  /** Number of the conversation, 0 = none. */
  session(row: number): number
  /** Name of the application, '' = none. */
  app(row: number): string
  /** '' = none. */
  prompt(row: number): string
  prefixIds(row: number): readonly number[]
  appNames: readonly string[]
  blockTokens: number
  format: TraceFormat
  /** Time of the last request. */
  lastMs: number
  startEpochMs: number | undefined
  /** What the packer was given, e.g. what was clipped. */
  notes: Record<string, unknown>
}

/**
 * @param elements the strings of `packTrace`: an array, or a SharedArray of them
 * @throws Error when they are not a packed trace
 */
export function traceReader(elements: ArrayLike<string>): TraceReader {
  const table = tableReader(elements)
  const { trace, ...notes } = table.meta.notes as { trace?: TraceNotes }
  const atUs = table.ints('atUs')
  const input = table.ints('input')
  const output = table.ints('output')
  if (trace === undefined || !atUs || !input || !output) throw new Error('not a packed trace')
  const app = table.ints('app')
  return {
    rows: table.rows,
    dueMs: (row) => atUs(row) / US,
    inputTokens: input,
    outputTokens: output,
    session: table.ints('session') ?? (() => 0),
    app: app === undefined ? () => '' : (row) => trace.appNames[app(row)] ?? '',
    prompt: table.texts('prompt') ?? (() => ''),
    prefixIds: table.ids('prefixIds') ?? (() => []),
    appNames: trace.appNames,
    blockTokens: trace.blockTokens,
    format: trace.format,
    lastMs: trace.lastMs,
    startEpochMs: trace.startEpochMs ?? undefined,
    notes,
  }
}

/** The elements of a packed trace that hold its times, its lengths and its texts. */
export interface TraceContent {
  schedule: string[]
  lengths: string[]
  prompts: string[]
}

/**
 * What of a packed trace is played, without what is only told of it (names of applications, notes): two
 * traces with equal parts ask for the same.
 */
export function traceContent(elements: ArrayLike<string>): TraceContent {
  const { meta, rows } = tableReader(elements)
  const chunks = (...names: string[]) =>
    meta.columns.flatMap(({ name, first, chunkRows }) =>
      names.includes(name)
        ? Array.from(
            { length: Math.ceil(rows / chunkRows) },
            (_, i) => elements[first + i] as string,
          )
        : [],
    )
  const ids = chunks('prefixIds')
  const blocks = ids.length === 0 ? [] : [String(traceReader(elements).blockTokens), ...ids]
  return {
    schedule: chunks('atUs'),
    lengths: chunks('input', 'output'),
    prompts: [...blocks, ...chunks('prompt')],
  }
}

/**
 * The elements in a packed file's text.
 * @throws Error when it is none, or cut short
 */
export function packedElements(text: string): string[] {
  const elements = text.trimEnd().split('\n')
  traceReader(elements)
  if (!isWholeTable(elements)) throw new Error('packed table cut short: convert the trace anew')
  return elements
}

/** The columns of a packed trace again, for a change to it. */
export function unpackTrace(elements: ArrayLike<string>): Trace {
  const table = tableReader(elements)
  const reader = traceReader(elements)
  const { rows } = reader
  const has = (name: string) => table.meta.columns.some((column) => column.name === name)
  const numbers = (read: (row: number) => number): Uint32Array => {
    const values = new Uint32Array(rows)
    for (let i = 0; i < rows; i++) values[i] = read(i)
    return values
  }
  const atMs = new Float64Array(rows)
  for (let i = 0; i < rows; i++) atMs[i] = reader.dueMs(i)
  const trace: Trace = {
    format: reader.format,
    rows,
    atMs,
    inputTokens: numbers(reader.inputTokens),
    outputTokens: numbers(reader.outputTokens),
    appNames: reader.appNames,
    blockTokens: reader.blockTokens,
    startEpochMs: reader.startEpochMs,
  }
  if (has('session')) trace.sessions = numbers(reader.session)
  const app = table.ints('app')
  if (app) trace.apps = numbers(app)
  if (has('prompt')) trace.prompts = Array.from({ length: rows }, (_, i) => reader.prompt(i))
  if (has('prefixIds')) {
    const ends = new Float64Array(rows)
    const values: number[] = []
    for (let i = 0; i < rows; i++) {
      for (const id of reader.prefixIds(i)) values.push(id)
      ends[i] = values.length
    }
    trace.prefixIds = { ends, values: Float64Array.from(values) }
  }
  return trace
}

/** Whether a file's text (its beginning is enough) is a packed trace; its lines are the elements. */
export function isPackedTrace(text: string): boolean {
  return isPackedTable(text)
}
