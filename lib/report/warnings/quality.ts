import { count, many, percent } from '../../tables/index.ts'
import { warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** Share of answers cut off at their limit from which scores say more about the limit than about the model. */
const MANY_CUT = 0.05

/** What the scores of graded answers cannot tell. */
export function qualityWarnings({ report: { quality, measured } }: Seen): Warning[] {
  if (quality === null || quality === undefined) return []
  const graded =
    quality.scores.find(({ by, grader }) => by === 'measured' && grader === 'all')?.graded ?? 0
  const cut = Math.max(
    0,
    ...quality.reasons.map((one) => (one.reason === 'cut_off' ? one.count : 0)),
  )
  return [
    ...warnIf(
      graded === 0 && (measured.completed ?? 0) > 0,
      'not_graded',
      () =>
        'no measured answer was graded: GRADED_SHARE is too small, or no grader knows what is right (expected in the data set)',
    ),
    ...warnIf(
      cut > graded * MANY_CUT,
      'graded_cut_off',
      () =>
        `${count(cut)} of ${many(graded, 'graded answer')} (${percent(cut / graded)}) did not pass and ended at their limit of tokens: set a larger OUTPUT_TOKENS, or max_tokens in the data set, to judge the model`,
    ),
    ...quality.failures.map(({ grader, count: failed }) => ({
      type: 'grader_failed',
      message: `the grader ${grader} failed itself for ${many(failed, 'answer')}, which are in none of its scores: see its pattern or schema`,
    })),
  ]
}
