import type { Spread } from './bootstrap.ts'

/** Variance, on the scale of a change, below which a control explains nothing. */
const LEAST_VARIANCE = 1e-12
/** The traffic is said to explain a change when it explains this share of its variance. */
export const EXPLAINED = 0.5
/** Fewest degrees of freedom: the slope takes one, and some have to remain. */
const LEAST_DF = 3

/**
 * Removes from a change what the traffic did to it (control variates, Lavenberg and Welch 1981; CUPED,
 * Deng et al. 2013): the change of the same figure in a model of the server, times the slope that
 * leaves the least variance. The control's own expected change is 0, as both sides are asked for the
 * same, so nothing that the server did is removed.
 * @param df degrees of freedom of each variance
 */
export function adjustedChange(
  measured: number,
  control: number | undefined,
  sides: readonly Spread[],
  df: number,
): { change: number; error: number; df: number; adjusted: boolean; explained: number } {
  const sum = (of: (side: Spread) => number) => sides.reduce((all, side) => all + of(side), 0)
  const variance = sum((side) => side.variance)
  const plain = { change: measured, error: Math.sqrt(variance), df, adjusted: false, explained: 0 }
  const controlVariance = sum((side) => side.controlVariance)
  if (control === undefined || controlVariance < LEAST_VARIANCE || df < LEAST_DF) return plain
  const slope = sum((side) => side.covariance) / controlVariance
  const left = sides.map((side) =>
    Math.max(0, side.variance - 2 * slope * side.covariance + slope * slope * side.controlVariance),
  )
  const all = left.reduce((total, v) => total + v, 0)
  // Two independent runs tell up to twice as much about their variance as one (Satterthwaite 1946). But
  // where traffic explains little, what is left may come from a queue, and then mostly from the busier run.
  const both = (df * all * all) / left.reduce((total, v) => total + v * v, 0)
  const explained = 1 - all / variance
  const freedom = (explained < EXPLAINED ? df : both) - 1
  // The further the control's change is from 0, the less certain the slope.
  const unsure = ((freedom + 1) / freedom) * (1 + (control * control) / controlVariance / freedom)
  return {
    change: measured - slope * control,
    error: Math.sqrt(all * unsure),
    df: freedom,
    adjusted: true,
    explained,
  }
}
