import type { TokenPrice } from '../cost/index.ts'

/** A figure with its interval, in its own unit; null is "no value", and of a bound: not known. */
export interface Measured {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** What a configuration is judged by. */
export interface AxisInfo {
  /** `ttft_p95`, `quality`, `cost_per_good`. */
  readonly id: string
  readonly title: string
  /** `ms`, `tokens/s`, `share`, or a currency. */
  readonly unit: string
  readonly better: 'lower' | 'higher'
}

/** What a configuration costs: its hour, or its tokens by the million. */
export type Price =
  | { readonly kind: 'hour'; readonly perHour: number }
  | { readonly kind: 'tokens'; readonly perMillion: TokenPrice }

/** A limit (or, where more is better, a floor) on a figure. */
export interface FigureLimit {
  readonly id: string
  readonly limit: number
}

/**
 * How a configuration stands against the others on two axes. `front`: none is better on one and no worse on the
 * other, as measured; `dominated`: the intervals prove that one is; `open`: one is, but its lead may be chance;
 * `out`: it breaks a limit; `no_value`: it has no value on one of them.
 */
export type Standing = 'front' | 'open' | 'dominated' | 'out' | 'no_value'

/** One of the results that are compared. */
export interface Configuration {
  readonly name: string
  /** By id of the axis. */
  readonly values: Readonly<Record<string, Measured>>
  /** Limits that it certainly breaks, and those of which the interval leaves it open. */
  readonly broken: readonly string[]
  readonly undecided: readonly string[]
  /** By id of the axis that quality is set against. */
  readonly standing: Readonly<Record<string, Standing>>
  /** By the same: the configurations that prove it dominated, or lead it as measured where it is open. */
  readonly behind: Readonly<Record<string, readonly string[]>>
}

/** Several results, quality against speed and cost. */
export interface Frontier {
  format: 'k6-inference-frontier'
  version: 1
  quality: AxisInfo
  against: readonly AxisInfo[]
  configurations: readonly Configuration[]
}
