import { FINISHES } from '../../metrics/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { FinishReport } from '../../results/index.ts'

/** Why the server ended its answers, over the whole run, most frequent first; kinds that did not occur are left out. */
export function finishReports(summary: Summary): FinishReport[] {
  const found = FINISHES.flatMap((finish) => {
    const count = countOf(summary, 'llm_finish_reasons', { finish })
    return count ? [{ finish, count }] : []
  })
  return found.sort((a, b) => b.count - a.count)
}
