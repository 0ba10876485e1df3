import { erf } from 'simple-statistics'
import { spreadTicks, tickOf, type Trace } from '../../lib/traces/index.ts'
import { percentileOf } from '../../lib/statistics/index.ts'
import { localVariation } from './statistics.ts'

/** A synthetic workload that resembles a trace. */
export interface Fit {
  /** Requests/s. */
  rate: number
  arrivals: 'constant' | 'poisson' | 'gamma'
  /** Shape of gamma gaps, 1/CV²; 1 for Poisson, null for constant gaps, which have none. */
  burstiness: number | null
  /** As `INPUT_TOKENS` and `OUTPUT_TOKENS` take them. */
  inputTokens: LengthFit
  outputTokens: LengthFit
  notes: string[]
}

export interface LengthFit {
  text: string
  /** Largest difference between the distribution's and the trace's cumulative shares. */
  distance: number
}

/** A log-normal whose cumulative share is nowhere further off than this is taken for the truth. */
const GOOD_FIT = 0.05
/** What BURSTINESS accepts. */
const BURSTINESS = { min: 0.01, max: 100 }
/** Entries of the table that is given otherwise; each stands for an equal share of requests. */
const TABLE_SIZE = 40

/**
 * Arrival process and lengths of a trace.
 *
 * Rate: requests / duration. Burstiness: by moments from the gaps in units of the mean gap of their
 * minute, so that a rate which changes over the day is not taken for bursts (a daily cycle of
 * Poisson arrivals is Poisson). Within 10 % of 1 it is Poisson: a sample of a few hundred gaps
 * strays that far. Gaps more alike than BURSTINESS can say are constant. Lengths: log-normal by the moments of the logarithm, bounded by the trace's
 * extremes, where it fits; else a table of quantiles.
 * @throws RangeError for a trace too short to tell
 */
export function fitTrace(trace: Trace): Fit {
  const notes: string[] = []
  const tick = tickOf(trace.atMs)
  const times = tick > 0 ? spreadTicks(trace, tick, 1).atMs : trace.atMs
  if (tick > 0)
    notes.push(`times were rounded to ${tick} ms: nothing is known of bursts within that`)
  const durationMs = times[trace.rows - 1] ?? 0
  if (trace.rows < 100 || durationMs === 0) {
    throw new RangeError(
      `a fit needs 100 requests or more at different times; there are ${trace.rows}`,
    )
  }
  const gaps = localVariation(times)
  let cv = gaps.cv()
  if (gaps.count() < 100 || cv === undefined) {
    cv = 1
    notes.push('too few requests a minute to tell the burstiness: Poisson was assumed')
  }
  const found = Number((1 / cv ** 2).toPrecision(3))
  const burstiness = Math.max(BURSTINESS.min, found)
  if (found < burstiness)
    notes.push(`the gaps give a burstiness of ${found}; the least that is played is ${burstiness}`)
  const arrivals =
    Math.abs(burstiness - 1) <= 0.1 ? 'poisson' : burstiness > BURSTINESS.max ? 'constant' : 'gamma'
  return {
    rate: Number(((trace.rows / durationMs) * 1000).toPrecision(4)),
    arrivals,
    burstiness: arrivals === 'gamma' ? burstiness : arrivals === 'poisson' ? 1 : null,
    inputTokens: fitLengths(trace.inputTokens),
    outputTokens: fitLengths(trace.outputTokens),
    notes,
  }
}

/** @param values lengths in tokens; 0 counts as 1, the least that can be asked for */
export function fitLengths(values: ArrayLike<number>): LengthFit {
  const sorted = Float64Array.from(values, (value) => Math.max(1, value)).sort()
  const min = sorted[0] as number
  const max = sorted[sorted.length - 1] as number
  if (min === max) return { text: String(min), distance: 0 }
  let sum = 0
  let squares = 0
  for (const value of sorted) {
    const log = Math.log(value)
    sum += log
    squares += log * log
  }
  const mean = sum / sorted.length
  const sigma = Math.sqrt(Math.max(0, squares / sorted.length - mean * mean))
  // What will be sent is rounded; the text is what is judged.
  const median = Math.min(max, Math.max(min, Math.round(Math.exp(mean))))
  const spread = Number(sigma.toPrecision(3))
  const distance = distanceTo(sorted, (x) => logNormalCdf(x, median, spread, min, max))
  const text = `lognormal(${median},${spread},${min},${max})`
  return distance <= GOOD_FIT ? { text, distance } : tableOf(sorted)
}

/** Equal shares of requests, each by the middle of its quantiles; equal lengths joined. */
function tableOf(sorted: Float64Array): LengthFit {
  const weights = new Map<number, number>()
  for (let i = 0; i < TABLE_SIZE; i++) {
    const value = Math.round(percentileOf(sorted, (i + 0.5) / TABLE_SIZE) as number)
    weights.set(value, (weights.get(value) ?? 0) + 1)
  }
  const table = [...weights]
  const cdf = (x: number) =>
    table.reduce((sum, [value, weight]) => sum + (value <= x ? weight : 0), 0) / TABLE_SIZE
  const text = table.map(([value, weight]) => `${value}:${weight}`).join(',')
  return { text, distance: distanceTo(sorted, cdf) }
}

/** Kolmogorov-Smirnov distance of lengths (many of them equal) to a distribution of lengths. */
function distanceTo(sorted: Float64Array, cdf: (x: number) => number): number {
  let distance = 0
  for (let i = 0; i < sorted.length; i++) {
    const x = sorted[i] as number
    if (sorted[i + 1] === x) continue
    distance = Math.max(distance, Math.abs(cdf(x) - (i + 1) / sorted.length))
  }
  return distance
}

/** Cumulative share of whole lengths of a log-normal that is drawn anew outside of its bounds. */
function logNormalCdf(x: number, median: number, sigma: number, min: number, max: number): number {
  if (x < min) return 0
  if (x >= max || sigma === 0) return 1
  const below = (at: number) => (1 + erf(Math.log(at / median) / sigma / Math.SQRT2)) / 2
  const cut = below(min - 0.5)
  return (below(x + 0.5) - cut) / (below(max + 0.5) - cut)
}

/** The fit as arguments of `k6 run`. */
export function fitArguments(fit: Fit): string {
  const variables: [string, string][] = [
    ['RATE', String(fit.rate)],
    ['ARRIVALS', fit.arrivals],
    ...(fit.arrivals === 'gamma'
      ? [['BURSTINESS', String(fit.burstiness)] as [string, string]]
      : []),
    ['INPUT_TOKENS', fit.inputTokens.text],
    ['OUTPUT_TOKENS', fit.outputTokens.text],
  ]
  return variables.map(([name, text]) => `-e '${name}=${text}'`).join(' \\\n  ')
}
