import type { Estimate } from './estimate.ts'

/** Logarithms of the ratio of two steps that are tried, the finer first: 10 and 20 %. */
const STEPS = [0.1, 0.2]

/**
 * Estimates with bounds from values in steps, where their own lack some. Latencies of an idle server differ by a
 * few per cent, and what moves them is the machine's own slow noise: its memory is as long as the run, so that
 * their order tells nothing, while all of them say the same. Steps are a monotonous function of the values, so that
 * an interval of a quantile in steps, wider by half a step on either side, is one of the quantile; and a mean is
 * moved by no more.
 * @param exact from the values themselves
 * @param centre a value that a step is to be around, more than 0; with any other, nothing is tried
 * @param again the same estimates from what `of` makes of each value
 */
export function orInSteps(
  exact: readonly Estimate[],
  centre: number,
  lacks: (estimate: Estimate, i: number) => boolean,
  again: (of: (value: number) => number) => readonly Estimate[],
): Estimate[] {
  let found = [...exact]
  for (const step of STEPS) {
    if (!(centre > 0) || !found.some(lacks)) break
    const half = Math.exp(step / 2)
    const stepped = again(
      (value) => centre * Math.exp(step * Math.round(Math.log(value / centre) / step)),
    )
    found = found.map((one, i) => {
      const { low, high, ...other } = stepped[i] as Estimate
      if (!lacks(one, i) || low === undefined || high === undefined) return one
      return { ...other, value: one.value, low: low / half, high: high * half }
    })
  }
  return found
}

/** Whether an estimate lacks a bound. */
export function lacksBound({ low, high }: Estimate): boolean {
  return low === undefined || high === undefined
}
