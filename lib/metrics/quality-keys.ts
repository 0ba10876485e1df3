/** What a run grades by, as its thresholds and its report need it. */
export interface Graders {
  /** Names that may appear as the tag `grader`. */
  readonly names: readonly string[]
  /** Reasons that may appear for an answer that did not pass. */
  readonly reasons: readonly string[]
}

type Show = (metric: string, tags?: Record<string, string>) => void

const PER_GRADER = ['llm_graded', 'llm_graded_passed', 'llm_graded_score']
const MEASURED = { measured: 'true' }

/**
 * Registers the figures of quality: by grader in each scope, and why answers did not pass over the measured phases.
 * @param scopes tags of the phases, endpoints and groups that have figures of their own
 */
export function showQuality(
  { names, reasons }: Graders,
  scopes: readonly Record<string, string>[],
  show: Show,
): void {
  for (const scope of scopes) {
    show('llm_answer_passed', scope)
    show('llm_json_valid', scope)
    for (const grader of names) {
      for (const metric of PER_GRADER) show(metric, { ...scope, grader })
    }
  }
  for (const grader of names) {
    show('llm_grading_failed', { grader })
    for (const reason of reasons) show('llm_grade_reasons', { ...MEASURED, grader, reason })
  }
}
