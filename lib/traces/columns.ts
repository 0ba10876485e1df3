import type { PrefixIds, Trace, TraceFormat } from './types.ts'

type Numbers = Float64Array | Uint32Array

/** A typed array that grows by doubling. */
function growing<T extends Numbers>(make: (length: number) => T) {
  let held = make(1024)
  let length = 0
  return {
    push(value: number) {
      if (length === held.length) {
        const larger = make(length * 2)
        larger.set(held)
        held = larger
      }
      held[length++] = value
    },
    done: (): T => held.slice(0, length) as T,
  }
}

/** Numbers for names in the order of their first appearance. */
function numbering(first: number) {
  const known = new Map<string, number>()
  return {
    of(name: string): number {
      let number = known.get(name)
      if (number === undefined) {
        number = known.size + first
        known.set(name, number)
      }
      return number
    },
    names: () => [...known.keys()],
    size: () => known.size,
  }
}

/** One request as it was read. */
export interface TraceRow {
  timeMs: number
  input: number
  output: number
  session: string
  app: string
  prompt: string
  /** Whole numbers, or texts (hashes, numbers beyond 2^53). */
  prefixIds: readonly (number | string)[]
}

/** Block ids from here on, and those that are texts, are numbered anew: see `idNumbers`. */
const LARGE_ID = 2 ** 24

/**
 * Block ids as numbers that the replay can scramble in 32 bits without two of them falling together:
 * small ones as they are; large ones and texts by the order of their first appearance, from
 * `LARGE_ID` on.
 */
function idNumbers() {
  const known = new Map<number | string, number>()
  return (id: number | string): number => {
    let number = known.get(id)
    if (number === undefined) {
      number = LARGE_ID + known.size
      known.set(id, number)
    }
    return number
  }
}

/** Which optional columns a file has. */
export interface OptionalColumns {
  session: boolean
  app: boolean
  prompt: boolean
  prefixIds: boolean
}

/**
 * Gathers rows into columns; optional ones exist only when a row had a value. `add` is on the way
 * of each row of a million in k6's engine, where a call costs 0.3 us: hence the columns that every
 * trace has grow together here and the absent ones are not touched.
 */
export function columnCollector() {
  let times = new Float64Array(1024)
  let inputs = new Uint32Array(1024)
  let outputs = new Uint32Array(1024)
  const sessions = growing((n) => new Uint32Array(n))
  const apps = growing((n) => new Uint32Array(n))
  const idEnds = growing((n) => new Float64Array(n))
  const ids = growing((n) => new Float64Array(n))
  const numberOfId = idNumbers()
  const prompts: string[] = []
  const sessionNumbers = numbering(1)
  const appNumbers = numbering(0)
  const seen: OptionalColumns = { session: false, app: false, prompt: false, prefixIds: false }
  let rows = 0
  let idCount = 0
  let promptChars = 0
  let last = -Infinity
  const unordered = { rows: 0, firstLine: 0 }

  const grow = () => {
    const [oldTimes, oldInputs, oldOutputs] = [times, inputs, outputs]
    times = new Float64Array(rows * 2)
    inputs = new Uint32Array(rows * 2)
    outputs = new Uint32Array(rows * 2)
    times.set(oldTimes)
    inputs.set(oldInputs)
    outputs.set(oldOutputs)
  }
  const addOptional = (row: TraceRow, has: OptionalColumns) => {
    if (has.session) {
      if (row.session !== '') seen.session = true
      sessions.push(row.session === '' ? 0 : sessionNumbers.of(row.session))
    }
    if (has.app) {
      if (row.app !== '') seen.app = true
      apps.push(appNumbers.of(row.app))
    }
    if (has.prompt) {
      if (row.prompt !== '') seen.prompt = true
      promptChars += row.prompt.length
      prompts.push(row.prompt)
    }
    if (has.prefixIds) {
      if (row.prefixIds.length > 0) seen.prefixIds = true
      for (const id of row.prefixIds) {
        ids.push(typeof id === 'number' && id < LARGE_ID ? id : numberOfId(id))
      }
      idCount += row.prefixIds.length
      idEnds.push(idCount)
    }
  }

  return {
    /**
     * @param has undefined when the file has no optional column; the same for all rows
     * @returns number of rows so far
     */
    add(row: TraceRow, has: OptionalColumns | undefined, line: number): number {
      if (rows === times.length) grow()
      times[rows] = row.timeMs
      inputs[rows] = row.input
      outputs[rows] = row.output
      rows++
      if (has !== undefined) addOptional(row, has)
      if (row.timeMs < last && unordered.rows++ === 0) unordered.firstLine = line
      last = row.timeMs
      return rows
    },
    /** Rows earlier than the one before them, and the line of the first of these. */
    unordered,
    rows: () => rows,
    apps: () => appNumbers.size(),
    promptChars: () => promptChars,
    done(format: TraceFormat, dated: boolean): Trace {
      const trace: Trace = {
        format,
        rows,
        atMs: times.slice(0, rows),
        inputTokens: inputs.slice(0, rows),
        outputTokens: outputs.slice(0, rows),
        appNames: seen.app ? appNumbers.names() : [],
        blockTokens: 512,
        startEpochMs: undefined,
      }
      if (seen.session) trace.sessions = sessions.done()
      if (seen.app) trace.apps = apps.done()
      if (seen.prompt) trace.prompts = prompts
      if (seen.prefixIds) trace.prefixIds = { ends: idEnds.done(), values: ids.done() }
      const sorted = unordered.rows > 0 ? selectRows(trace, orderOf(trace.atMs)) : trace
      const start = sorted.atMs[0] ?? 0
      for (let i = 0; i < rows; i++) sorted.atMs[i] = (sorted.atMs[i] as number) - start
      if (dated) sorted.startEpochMs = start
      return sorted
    },
  }
}

/** Rows by time; equal times keep their order. */
function orderOf(times: Float64Array): Uint32Array {
  return new Uint32Array(times.length)
    .map((_, i) => i)
    .sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
}

/**
 * A trace of the given rows of another, in the given order (a row may come more than once).
 * `atMs` is taken along unless given; the caller sees to it that times do not fall.
 */
export function selectRows(trace: Trace, rows: ArrayLike<number>, atMs?: Float64Array): Trace {
  const n = rows.length
  const gather = <T extends Numbers>(from: T, to: T): T => {
    for (let i = 0; i < n; i++) to[i] = from[rows[i] as number] as number
    return to
  }
  const picked: Trace = {
    ...trace,
    rows: n,
    atMs: atMs ?? gather(trace.atMs, new Float64Array(n)),
    inputTokens: gather(trace.inputTokens, new Uint32Array(n)),
    outputTokens: gather(trace.outputTokens, new Uint32Array(n)),
  }
  if (trace.sessions) picked.sessions = gather(trace.sessions, new Uint32Array(n))
  if (trace.apps) picked.apps = gather(trace.apps, new Uint32Array(n))
  const { prompts } = trace
  if (prompts)
    picked.prompts = Array.from({ length: n }, (_, i) => prompts[rows[i] as number] ?? '')
  if (trace.prefixIds) picked.prefixIds = selectIds(trace.prefixIds, rows)
  return picked
}

function selectIds(from: PrefixIds, rows: ArrayLike<number>): PrefixIds {
  const ends = new Float64Array(rows.length)
  let total = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    total += (from.ends[row] as number) - (row === 0 ? 0 : (from.ends[row - 1] as number))
    ends[i] = total
  }
  const values = new Float64Array(total)
  for (let i = 0, at = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const end = from.ends[row] as number
    for (let j = row === 0 ? 0 : (from.ends[row - 1] as number); j < end; j++) {
      values[at++] = from.values[j] as number
    }
  }
  return { ends, values }
}

/** The block ids of one row. */
export function prefixIdsOf(trace: Trace, row: number): readonly number[] {
  const { prefixIds } = trace
  if (prefixIds === undefined) return []
  const from = row === 0 ? 0 : (prefixIds.ends[row - 1] as number)
  return Array.from(prefixIds.values.subarray(from, prefixIds.ends[row] as number))
}
