import type { Spread } from './bootstrap.ts'

/** A control that hardly varies explains nothing; a variance on the scale of a change. */
const LEAST_VARIANCE = 1e-12
/** Share of a variance from which on the traffic is said to explain it. */
export const EXPLAINED = 0.5
/** One degree goes into the slope, and some have to be left. */
const LEAST_DF = 3

/**
 * Takes out of a change what the traffic did to it (control variates, Lavenberg and Welch 1981; CUPED,
 * Deng et al. 2013): the change that the same model of the server has for the same figure, times the
 * slope that leaves the least variance. The control's own change is 0 in the mean, as both sides are
 * asked for the same, so nothing is taken of what the server did.
 * @param df of each variance
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
  // Two independent runs tell up to twice as much of their variance as one (Satterthwaite 1946); but
  // what is left where traffic explains little may be a queue's, of which the busier one tells most.
  const both = (df * all * all) / left.reduce((total, v) => total + v * v, 0)
  const explained = 1 - all / variance
  const freedom = (explained < EXPLAINED ? df : both) - 1
  // The slope is the less sure the further the control's change is from 0.
  const unsure = ((freedom + 1) / freedom) * (1 + (control * control) / controlVariance / freedom)
  return {
    change: measured - slope * control,
    error: Math.sqrt(all * unsure),
    df: freedom,
    adjusted: true,
    explained,
  }
}
