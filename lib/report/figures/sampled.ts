import { independentShare } from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import type { SloVerdict } from '../../results/index.ts'

/** Limits on shares of the answers that were graded or compared, which are a sample of all. */
export const TITLES_OF_SAMPLED = {
  quality: 'quality',
  valid_json: 'valid JSON',
  divergence: 'answers other than idle',
} as const

export function isSampled(id: string): id is keyof typeof TITLES_OF_SAMPLED {
  return Object.hasOwn(TITLES_OF_SAMPLED, id)
}

/**
 * What the answers of a sample tell of the share among all, as which are in it is drawn. Clopper and Pearson's bounds,
 * each of which is wrong as seldom as a verdict promises; Wilson's interval is so on both sides together only.
 */
export function sampledEstimate(
  { value, samples }: Pick<SloVerdict, 'value' | 'samples'>,
  confidence: number,
): Estimate {
  const graded = samples ?? 0
  return independentShare(graded, Math.round((value ?? 0) * graded), confidence)
}
