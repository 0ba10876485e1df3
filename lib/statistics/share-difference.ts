import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { wilsonEstimate } from './wilson.ts'

/** Samples of yes and no. */
export interface Counted {
  readonly hits: number
  readonly samples: number
}

/**
 * The difference of two shares of independent samples, one - other, with Newcombe's interval from Wilson's of each
 * (Statistics in Medicine 17, 1998, pp. 873-890, method 10): it holds for shares near 0 and 1, too.
 * @param confidence 0-1, two-sided
 * @returns no value where either has no sample
 */
export function shareDifference(one: Counted, other: Counted, confidence = 0.95): Estimate {
  const [a, b] = [one, other].map(({ hits, samples }) => wilsonEstimate(hits, samples, confidence))
  if (a?.value === undefined || b?.value === undefined) return noEstimate(confidence)
  const far = (value: number, bound: number | undefined) => value - (bound as number)
  const difference = a.value - b.value
  return {
    ...noEstimate(confidence, one.samples + other.samples),
    value: difference,
    low: difference - Math.hypot(far(a.value, a.low), far(b.value, b.high)),
    high: difference + Math.hypot(far(a.value, a.high), far(b.value, b.low)),
  }
}
