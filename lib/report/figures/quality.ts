import { wilsonEstimate } from '../../statistics/index.ts'
import type { QualityReport, QualityScore, RunInfo } from '../../results/index.ts'
import { countOf, statsOf } from '../summary.ts'
import type { Summary } from '../summary.ts'

type Scope = Pick<QualityScore, 'by' | 'name' | 'measured'> & { tags: Record<string, string> }

const MEASURED = { measured: 'true' }

/** What graders made of the answers; null where none was graded. */
export function qualityReport(summary: Summary, run: RunInfo): QualityReport | null {
  const { graders } = run
  if (graders === undefined) return null
  const scores = scopesOf(run).flatMap((scope) => [
    ...ofAll(summary, scope),
    ...graders.names.flatMap((grader) => ofGrader(summary, scope, grader)),
  ])
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
  const phases = [...new Map(plan.phases.map((phase) => [phase.name, phase])).values()]
  const parts = [
    ...groups.flatMap(({ tag, values }) => values.map((name) => [tag, name] as const)),
    ...(endpoints.length > 1 ? endpoints : []).map(({ name }) => ['endpoint', name] as const),
  ]
  return [
    { by: 'measured', name: 'measured', measured: true, tags: MEASURED },
    ...phases.map(({ name, measured }): Scope => {
      return { by: 'phase', name, measured, tags: { phase: name } }
    }),
    ...parts.map(([by, name]): Scope => {
      return { by, name, measured: true, tags: { ...MEASURED, [by]: name } }
    }),
  ]
}

function ofAll(summary: Summary, { tags, ...scope }: Scope): QualityScore[] {
  const stats = statsOf(summary, 'rate', 'llm_answer_passed', tags)
  if (stats.kind !== 'rate' || !stats.total || stats.passes === null) return []
  return [score(scope, 'all', { graded: stats.total, passed: stats.passes, sum: stats.passes })]
}

function ofGrader(summary: Summary, { tags, ...scope }: Scope, grader: string): QualityScore[] {
  const count = (metric: string) => countOf(summary, metric, { ...tags, grader }) ?? 0
  const graded = count('llm_graded')
  if (graded === 0) return []
  const [passed, sum] = [count('llm_graded_passed'), count('llm_graded_score')]
  return [score(scope, grader, { graded, passed, sum })]
}

function score(
  scope: Omit<Scope, 'tags'>,
  grader: string,
  { graded, passed, sum }: { graded: number; passed: number; sum: number },
): QualityScore {
  const { value, low, high, confidence } = wilsonEstimate(sum, graded)
  return {
    ...scope,
    grader,
    graded,
    passed,
    score: value ?? null,
    low: low ?? null,
    high: high ?? null,
    confidence,
  }
}
