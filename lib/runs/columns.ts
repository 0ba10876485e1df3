import type { Counter, FigureDef } from './figures.ts'
import { createQuantile } from '../statistics/index.ts'
import type { SortedValues } from '../statistics/index.ts'
import type { OldSample, RequestTiming, RunData } from './run-data.ts'

/** A run's measured window cut into cells of equal length, laid out for resampling them. */
export interface Columns {
  readonly cellCount: number
  readonly windowMs: number
  /** Requests due inside the window. */
  readonly requests: number
  timing(name: RequestTiming): SortedValues
  quantile(name: RequestTiming, p: number): (times: Int32Array | undefined) => number | undefined
  counter(name: Counter): Float64Array
}

/** @param cellCount cells that the window is cut into, at least 1 */
export function columnsOf(run: RunData, cellCount: number): Columns {
  const windowMs = run.toMs - run.fromMs
  const all = run.requests ?? []
  const inside = all.filter((r) => r.atMs >= run.fromMs && r.atMs < run.toMs)
  const cellOf = (atMs: number) =>
    Math.min(cellCount - 1, Math.floor(((atMs - run.fromMs) / windowMs) * cellCount))
  const timings = new Map<RequestTiming, SortedValues>()
  const counters = new Map<Counter, Float64Array>()
  const quantiles = new Map<string, ReturnType<typeof createQuantile>>()

  const sorted = (name: RequestTiming): SortedValues => {
    const found: { value: number; cell: number }[] = []
    for (const request of inside) {
      const value = request.outcome === 'completed' ? request.timings[name] : undefined
      if (value !== undefined) found.push({ value, cell: cellOf(request.atMs) })
    }
    found.sort((a, b) => a.value - b.value)
    return {
      values: Float64Array.from(found, (f) => f.value),
      cells: Int32Array.from(found, (f) => f.cell),
    }
  }
  const counted = (name: Counter): Float64Array => {
    const sums = new Float64Array(cellCount)
    if (name === 'outputTokens') {
      for (const r of all) if (r.outcome === 'completed') spread(r, run, sums)
      return sums
    }
    const amount = AMOUNTS[name]
    for (const r of inside) (sums[cellOf(r.atMs)] as number) += amount(r)
    return sums
  }
  return {
    cellCount,
    windowMs,
    requests: inside.length,
    timing: (name) => memo(timings, name, sorted),
    quantile: (name, p) =>
      memo(quantiles, `${name} ${p}`, () =>
        createQuantile(memo(timings, name, sorted), p, cellCount),
      ),
    counter: (name) => memo(counters, name, counted),
  }
}

const AMOUNTS: Readonly<Record<Exclude<Counter, 'outputTokens'>, (r: OldSample) => number>> = {
  finished: (r) => (r.outcome === 'aborted' ? 0 : 1),
  completed: (r) => (r.outcome === 'completed' ? 1 : 0),
  failed: (r) => (r.outcome === 'failed' ? 1 : 0),
  // A failed request is judged, and never good.
  judged: (r) => (r.outcome !== 'aborted' && r.good !== undefined ? 1 : 0),
  good: (r) => (r.outcome === 'completed' && r.good === true ? 1 : 0),
  input: (r) => (r.cachedTokens === undefined ? 0 : (r.inputTokens ?? 0)),
  cached: (r) => (r.inputTokens === undefined ? 0 : (r.cachedTokens ?? 0)),
}

/** Tokens received inside the window: evenly between a request's first and last token. */
function spread(r: OldSample, run: RunData, sums: Float64Array): void {
  const { firstTokenMs: first, lastTokenMs: last } = r
  if (first === undefined || last === undefined) return
  const cellMs = (run.toMs - run.fromMs) / sums.length
  const begin = (first - run.fromMs) / cellMs
  const end = (last - run.fromMs) / cellMs
  const from = Math.max(0, Math.floor(begin))
  const to = Math.min(sums.length - 1, Math.floor(end))
  for (let cell = from; cell <= to; cell++) {
    const inCell = Math.min(end, cell + 1) - Math.max(begin, cell)
    ;(sums[cell] as number) +=
      end > begin ? (r.outputTokens * inCell) / (end - begin) : r.outputTokens
  }
}

function memo<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  const had = map.get(key)
  if (had !== undefined) return had
  const made = make(key)
  map.set(key, made)
  return made
}

/**
 * A figure of a run, or of the run with each cell of time taken so many times.
 * @param times of each cell; undefined = once each
 * @returns undefined when there is no value
 */
export function figureOf(
  def: FigureDef,
  columns: Columns,
  times?: Int32Array | undefined,
): number | undefined {
  const { quantity } = def
  if (quantity.kind === 'quantile') return columns.quantile(quantity.timing, quantity.p)(times)
  if (quantity.kind === 'mean') {
    const { values, cells } = columns.timing(quantity.timing)
    let sum = 0
    let n = 0
    for (let i = 0; i < values.length; i++) {
      const weight = times === undefined ? 1 : (times[cells[i] as number] as number)
      sum += weight * (values[i] as number)
      n += weight
    }
    return n === 0 ? undefined : sum / n
  }
  const total = weightedSum(columns.counter(quantity.counter), times)
  if (quantity.kind === 'rate') {
    // No request was judged: goodput has no value, and is not 0.
    if (quantity.counter === 'good' && weightedSum(columns.counter('judged')) === 0)
      return undefined
    return (1000 * total) / columns.windowMs
  }
  const among = weightedSum(columns.counter(quantity.among), times)
  return among === 0 ? undefined : total / among
}

function weightedSum(values: Float64Array, times?: Int32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++)
    sum += (times === undefined ? 1 : (times[i] as number)) * (values[i] as number)
  return sum
}

/** A figure of a run: from its records where there are any, else as its results give it. */
export function figureOfRun(def: FigureDef, run: RunData): number | undefined {
  if (run.requests !== undefined) return figureOf(def, columnsOf(run, 1))
  return run.figures[def.id] ?? undefined
}
