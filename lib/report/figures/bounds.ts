import { boundExpression, boundsSet } from '../../metrics/index.ts'
import { count, num, plain } from '../../tables/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { BoundReport, RunInfo } from '../../results/index.ts'

/**
 * What the run spent of its bounds.
 * @param early whether the load ended before its plan
 */
export function boundReports(
  summary: Summary,
  { bounds = {}, idle }: RunInfo,
  early: boolean,
): BoundReport[] {
  return boundsSet(bounds).map(({ variable, metric, limit }) => {
    const load = countOf(summary, metric)
    const used = load === null ? null : load + beforeLoad(variable, idle)
    return { variable, limit, used, ended: early && used !== null && used >= limit }
  })
}

/** What the answers that were asked for before the load took of a bound. */
function beforeLoad(variable: BoundReport['variable'], idle: RunInfo['idle']): number {
  if (idle === undefined) return 0
  if (variable === 'MAX_REQUESTS') return idle.requests
  return variable === 'MAX_SPEND' ? idle.spend : idle.outputTokens
}

/** Whether a threshold is how stock k6 keeps a bound: it says nothing about the server. */
export function isBound({ bounds = {} }: RunInfo, selector: string, expression: string): boolean {
  return boundsSet(bounds).some(
    (bound) => bound.metric === selector && boundExpression(bound) === expression,
  )
}

/** `MAX_REQUESTS: 100 of 100 requests`, and how far what was in flight went beyond it. */
export function boundText({ variable, limit, used }: BoundReport): string {
  const unit = { MAX_REQUESTS: 'requests', MAX_OUTPUT_TOKENS_TOTAL: 'output tokens', MAX_SPEND: '' }
  const shown = variable === 'MAX_SPEND' ? num : count
  const over = used !== null && used > limit ? `, ${shown(used - limit)} over` : ''
  const text = `${shown(used)} of ${plain(limit)} ${unit[variable]}`.trimEnd()
  return `${variable}: ${text}${over}`
}
