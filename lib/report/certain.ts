import { certainVerdicts, groupsWith, scopesWith } from './figures/certainty.ts'
import type { Intervals } from './figures/certainty.ts'
import type { CertaintyReport, Report } from '../results/index.ts'
import { verdictOf } from './verdict.ts'
import { withoutMoving } from './warnings.ts'

/**
 * A report with other intervals than those it was built with: verdicts and headline follow.
 * @param report as built, or read from a results file
 * @param intervals from records, which know more than the slices that k6's summary has
 */
export function withCertainty(
  report: Report,
  intervals: Intervals,
  { confidence, strict }: Pick<CertaintyReport, 'confidence' | 'strict'>,
): Report {
  const scopes = scopesWith(report, intervals)
  const certain: Report = {
    ...report,
    ...scopes,
    ...groupsWith(report, intervals),
    certainty: { confidence, strict, source: intervals.source },
    steady: [...(intervals.steady ?? [])],
    overload: [...(intervals.overload ?? [])],
    slo: certainVerdicts(report.slo, scopes.measured, confidence),
  }
  return { ...certain, warnings: withoutMoving(certain), verdict: verdictOf(certain) }
}
