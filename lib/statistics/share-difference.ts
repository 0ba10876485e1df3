import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { newcombe } from './newcombe.ts'
import { wilsonEstimate } from './wilson.ts'

/** Samples of yes and no. */
export interface Counted {
  readonly hits: number
  readonly samples: number
}

/**
 * The difference of two shares of independent samples, one - other, by {@link newcombe}: its interval holds for shares
 * near 0 and 1, too.
 * @param confidence 0-1, two-sided
 * @returns no value where either has no sample
 */
export function shareDifference(one: Counted, other: Counted, confidence = 0.95): Estimate {
  const wilson = ({ hits, samples }: Counted) => wilsonEstimate(hits, samples, confidence)
  const found = newcombe(wilson(one), wilson(other), 0)
  if (found === undefined) return noEstimate(confidence)
  return { ...noEstimate(confidence, one.samples + other.samples), ...found }
}
