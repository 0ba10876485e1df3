import type { Estimate } from './estimate.ts'
import { percentileOf } from './percentile.ts'

/** Logarithms of the ratio of two steps that are tried, the finer first: 10 and 20 %. */
const STEPS = [0.1, 0.2]

/**
 * Estimates from values in steps, where those from the values themselves lack a bound or are wider. Latencies of an
 * idle server differ by a few per cent, and what moves them is the machine's own slow noise: its memory is as long
 * as the run, so that their order tells nothing, while all of them say the same. Steps are a monotonous function of
 * the values, so that an interval of a quantile in steps, wider by half a step on either side, is one of the
 * quantile; and a mean is moved by no more.
 * @param exact from the values themselves
 * @param range of the values: the least, and one that a step is to be around; unless all are above 0, nothing is tried
 * @param mayBe whether an estimate could have both bounds
 * @param again the same estimates from what `of` makes of each value
 */
export function orInSteps(
  exact: readonly Estimate[],
  { least, centre }: { readonly least: number; readonly centre: number },
  mayBe: (estimate: Estimate, i: number) => boolean,
  again: (of: (value: number) => number) => readonly Estimate[],
): Estimate[] {
  let found = [...exact]
  if (!(least > 0)) return found
  for (const step of STEPS) {
    if (!found.some((one, i) => mayBe(one, i) && widthOf(one) > FAR * step)) break
    const half = Math.exp(step / 2)
    const stepped = again(
      (value) => centre * Math.exp(step * Math.round(Math.log(value / centre) / step)),
    )
    found = found.map((one, i) => {
      const { low, high, ...other } = stepped[i] as Estimate
      if (low === undefined || high === undefined) return one
      const wider = { ...other, value: one.value, low: low / half, high: high * half }
      return widthOf(wider) < widthOf(one) ? wider : one
    })
  }
  return found
}

/** Steps that an interval must be wide before they are tried. */
const FAR = 4

/** Logarithm of the ratio of the bounds; infinite where one is missing. */
function widthOf({ low, high }: Estimate): number {
  return low === undefined || high === undefined || low <= 0 ? Infinity : Math.log(high / low)
}

/** What {@link orInSteps} needs to know of values in ascending order. */
export function rangeOf(sorted: Float64Array): { least: number; centre: number } {
  return { least: sorted[0] as number, centre: percentileOf(sorted, 0.5) as number }
}
