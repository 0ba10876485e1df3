import { createQuantile } from '../statistics/index.ts'
import type { SortedValues } from '../statistics/index.ts'
import type { TimingField } from '../metrics/index.ts'
import { valuesOf } from './figures.ts'
import type { Counter, FigureDef } from './figures.ts'
import type { RequestSample, Run } from './types.ts'
import { windowPosition } from './window.ts'

/**
 * A run's measured window cut into cells of equal length, laid out for resampling. The cells show how a
 * figure varies; its value comes from the report.
 */
export interface Columns {
  readonly cellCount: number
  readonly windowMs: number
  timing(name: TimingField): SortedValues
  quantile(name: TimingField, p: number): (times: Int32Array | undefined) => number | undefined
  counter(name: Counter): Float64Array
}

/** @param cellCount cells that the window is cut into, at least 1 */
export function columnsOf(
  { requests = [], window }: Pick<Run, 'requests' | 'window'>,
  cellCount: number,
): Columns {
  const windowMs = window.lengthMs
  const inside = requests.filter((r) => r.measured)
  const position = (atMs: number) => (windowPosition(window, atMs) / windowMs) * cellCount
  const cellOf = (r: RequestSample) => Math.min(cellCount - 1, Math.floor(position(r.atMs)))
  const timings = new Map<TimingField, SortedValues>()
  const counters = new Map<Counter, Float64Array>()
  const quantiles = new Map<string, ReturnType<typeof createQuantile>>()

  const sorted = (name: TimingField): SortedValues => {
    const found: { value: number; cell: number }[] = []
    for (const request of inside) {
      const cell = cellOf(request)
      for (const value of valuesOf(request, name)) found.push({ value, cell })
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
      // Tokens count where they are received, whenever their request began.
      for (const r of requests) {
        if (r.outcome !== 'completed') continue
        const [begin, end] = [r.firstTokenMs ?? r.endMs, r.lastTokenMs ?? r.endMs]
        spread(r.measuredTokens, position(begin), position(end), sums)
      }
      return sums
    }
    const amount = AMOUNTS[name]
    for (const r of inside) (sums[cellOf(r)] as number) += amount(r)
    return sums
  }
  return {
    cellCount,
    windowMs,
    timing: (name) => memo(timings, name, sorted),
    quantile: (name, p) =>
      memo(quantiles, `${name} ${p}`, () =>
        createQuantile(memo(timings, name, sorted), p, cellCount),
      ),
    counter: (name) => memo(counters, name, counted),
  }
}

const AMOUNTS: Readonly<Record<Exclude<Counter, 'outputTokens'>, (r: RequestSample) => number>> = {
  finished: (r) => (r.outcome === 'aborted' ? 0 : 1),
  completed: (r) => (r.outcome === 'completed' ? 1 : 0),
  failed: (r) => (r.outcome === 'failed' ? 1 : 0),
  // A failed request is judged, and is never good.
  judged: (r) => (r.outcome !== 'aborted' && r.good !== undefined ? 1 : 0),
  good: (r) => (r.outcome === 'completed' && r.good === true ? 1 : 0),
  graded: (r) => (r.passed === undefined ? 0 : 1),
  passed: (r) => (r.passed === true ? 1 : 0),
  judgeScored: (r) => (r.judgeScore === undefined ? 0 : 1),
  judgeScore: (r) => r.judgeScore ?? 0,
  compared: (r) => (r.diverged === undefined ? 0 : 1),
  diverged: (r) => (r.diverged === true ? 1 : 0),
  input: (r) => r.inputTokens ?? 0,
  cached: (r) => r.cachedTokens ?? 0,
}

/**
 * Adds an amount to cells of time, spread evenly over a stretch of them.
 * @param begin position of its first moment, in cells; `end` that of its last
 */
export function spread(amount: number, begin: number, end: number, sums: Float64Array): void {
  if (!(amount > 0)) return
  const last = sums.length - 1
  if (!(end > begin)) {
    ;(sums[Math.min(last, Math.floor(begin))] as number) += amount
    return
  }
  for (let cell = Math.floor(begin); cell <= Math.min(last, Math.floor(end)); cell++) {
    const inCell = Math.min(end, cell + 1) - Math.max(begin, cell)
    ;(sums[cell] as number) += (amount * inCell) / (end - begin)
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
 * A figure of the columns, with each cell of time counted a number of times.
 * @param times multiplicity of each cell; undefined = once each
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
    // No request was judged: goodput has no value, which is not 0.
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
