import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { lines, rows } from '../panels.ts'
import { limit, perSecond, total } from '../queries.ts'

/** What graders make of the answers, and how many differ from the idle server's; empty without GRADED_SHARE and COMPARED_SHARE. */
export function qualityRow(): Row {
  const by = { by: 'grader' }
  const byPhase = { by: 'phase' }
  return {
    title: 'Quality of answers (GRADED_SHARE, COMPARED_SHARE)',
    folded: true,
    panels: [
      lines({
        title: 'Mean score by grader',
        description: `${formula('llm_graded_score', 'llm_graded')}\n\nScores / graded answers of the last $window seconds. The limits are on whole runs.`,
        unit: 'percentunit',
        max: 1,
        targets: [
          {
            expr: `${perSecond('llm_graded_score', by)} / (${perSecond('llm_graded', by)} > 0)`,
            legend: '{{grader}}',
          },
          { expr: limit('quality'), legend: 'limit of quality' },
          { expr: limit('valid_json'), legend: 'limit of valid JSON' },
        ],
      }),
      rows({
        title: 'Passed answers, by grader',
        description: `${formula('llm_graded_passed', 'llm_grading_failed')} Counted from the start of the run to the end of the time range.`,
        unit: 'short',
        targets: [
          { expr: total('llm_graded_passed', by), legend: 'passed' },
          { expr: total('llm_grading_failed', by), legend: 'grader failed' },
        ],
      }),
      rows({
        title: 'Why answers did not pass',
        description: `${formula('llm_grade_reasons')} Counted from the start of the run to the end of the time range.`,
        unit: 'short',
        targets: [
          { expr: total('llm_grade_reasons', { by: 'grader, reason' }), legend: 'answers' },
        ],
      }),
      lines({
        title: 'Answers other than idle',
        description: `${formula('llm_diverged', 'llm_compared')}\n\nShare of the compared answers of the last $window seconds. The limit is on whole runs.`,
        unit: 'percentunit',
        max: 1,
        targets: [
          {
            expr: `${perSecond('llm_diverged', byPhase)} / (${perSecond('llm_compared', byPhase)} > 0)`,
            legend: '{{phase}}',
          },
          { expr: limit('divergence'), legend: 'limit' },
        ],
      }),
    ],
  }
}
