import { wilsonEstimate } from '../../statistics/index.ts'
import { many, percent } from '../../tables/index.ts'
import type { SloVerdict, Stats } from '../../results/index.ts'

/** Limits on shares of the answers that were graded, which are a sample of all. */
export const TITLES_OF_SAMPLED = { quality: 'quality', valid_json: 'valid JSON' } as const

export function isSampled(id: string): id is keyof typeof TITLES_OF_SAMPLED {
  return Object.hasOwn(TITLES_OF_SAMPLED, id)
}

const FEW = 'cannot show it'

/**
 * Why a share that keeps its lower limit among the graded answers does not prove that all answers do: its
 * interval (Wilson, 95 %) reaches below the limit. Empty where it does not.
 */
export function sampleDoubt(stats: Stats, limit: number): string {
  if (stats.kind !== 'rate' || stats.passes === null || stats.total === null) return ''
  const { low } = wilsonEstimate(stats.passes, stats.total)
  if (low === undefined || low >= limit) return ''
  return `${many(stats.total, 'graded answer')} ${FEW}: by them it may be ${percent(low)}`
}

/** Whether a limit is unclear because too few answers were graded. */
export function needsGrades({ verdict, note }: SloVerdict): boolean {
  return verdict === 'unclear' && note.includes(FEW)
}
