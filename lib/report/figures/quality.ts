import { wilsonEstimate } from '../../statistics/index.ts'
import type { QualityReport, QualityScore, RunInfo } from '../../results/index.ts'
import { CONFIDENCE } from './certainty.ts'
import { phasesByName } from './scopes.ts'
import { countOf, statsOf } from '../summary.ts'
import type { Summary } from '../summary.ts'

type Scope = Pick<QualityScore, 'by' | 'name' | 'measured'> & { tags: Record<string, string> }

const MEASURED = { measured: 'true' }

/** What graders made of the answers; null where none was graded. */
export function qualityReport(summary: Summary, run: RunInfo): QualityReport | null {
  const { graders, confidence = CONFIDENCE } = run
  if (graders === undefined) return null
  const scores = scopesOf(run).flatMap(({ tags, ...scope }) =>
    [ofAll(summary, tags), ...graders.names.map((grader) => ofGrader(summary, tags, grader))]
      .filter(({ graded }) => graded > 0)
      .map((sums) => scoreOf(scope, sums, confidence)),
  )
  const counts = (metric: string, tags: Record<string, string>) =>
    countOf(summary, metric, tags) ?? 0
  const reasons = graders.names.flatMap((grader) =>
    graders.reasons.map((reason) => {
      const count = counts('llm_grade_reasons', { ...MEASURED, grader, reason })
      return { grader, reason, count }
    }),
  )
  const failures = graders.names.map((grader) => {
    return { grader, count: counts('llm_grading_failed', { grader }) }
  })
  const some = ({ count }: { count: number }) => count > 0
  return {
    scores,
    reasons: reasons.filter(some).sort((a, b) => b.count - a.count),
    failures: failures.filter(some),
  }
}

function scopesOf({ plan, groups = [], endpoints = [] }: RunInfo): Scope[] {
  const parts = [
    ...groups.flatMap(({ tag, values }) => values.map((name) => [tag, name] as const)),
    ...(endpoints.length > 1 ? endpoints : []).map(({ name }) => ['endpoint', name] as const),
  ]
  return [
    { by: 'measured', name: 'measured', measured: true, tags: MEASURED },
    ...phasesByName(plan).map(({ name, measured }): Scope => {
      return { by: 'phase', name, measured, tags: { phase: name } }
    }),
    ...parts.map(([by, name]): Scope => {
      return { by, name, measured: true, tags: { ...MEASURED, [by]: name } }
    }),
  ]
}

/** What became of the answers that were graded in a scope, by one grader or all together. */
type Sums = Pick<QualityScore, 'grader' | 'graded' | 'passed'> & { sum: number }

function ofAll(summary: Summary, tags: Scope['tags']): Sums {
  const stats = statsOf(summary, 'rate', 'llm_answer_passed', tags)
  const [graded, passed] = stats.kind === 'rate' ? [stats.total ?? 0, stats.passes ?? 0] : [0, 0]
  return { grader: 'all', graded, passed, sum: passed }
}

function ofGrader(summary: Summary, tags: Scope['tags'], grader: string): Sums {
  const count = (metric: string) => countOf(summary, metric, { ...tags, grader }) ?? 0
  const [graded, passed] = [count('llm_graded'), count('llm_graded_passed')]
  return { grader, graded, passed, sum: count('llm_graded_score') }
}

function scoreOf(
  scope: Omit<Scope, 'tags'>,
  { sum, ...counts }: Sums,
  confidence: number,
): QualityScore {
  const { value, low, high } = wilsonEstimate(sum, counts.graded, confidence)
  return {
    ...scope,
    ...counts,
    score: value ?? null,
    low: low ?? null,
    high: high ?? null,
    confidence,
  }
}
