import { OUTCOMES, REASONS } from '../../metrics/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { OutcomeReport } from '../../results/index.ts'

/** What became of every request of the run; outcomes that did not occur are left out. */
export function outcomeReports(summary: Summary): OutcomeReport[] {
  const total = countOf(summary, 'llm_requests')
  if (!total) return []
  const found: OutcomeReport[] = OUTCOMES.flatMap((outcome) => {
    const count = countOf(summary, 'llm_requests', { outcome })
    if (!count) return []
    const reasons = (REASONS[outcome] ?? []).flatMap((reason) => {
      const times = countOf(summary, 'llm_requests', { outcome, reason })
      return times ? [{ reason, count: times }] : []
    })
    const rest = count - reasons.reduce((sum, { count: times }) => sum + times, 0)
    if (rest > 0 && outcome !== 'completed') reasons.push({ reason: 'other', count: rest })
    reasons.sort((a, b) => b.count - a.count)
    return [{ outcome, count, share: count / total, reasons }]
  })
  const rest = total - found.reduce((sum, { count }) => sum + count, 0)
  if (rest > 0) found.push({ outcome: 'other', count: rest, share: rest / total, reasons: [] })
  return found
}
