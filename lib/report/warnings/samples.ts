import { limitsSet } from '../../metrics/index.ts'
import { warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** What the verdict rests on. */
export function sampleWarnings({ run, report }: Seen): Warning[] {
  const someLimit = report.slo.some((v) => !v.builtIn)
  return warnIf(
    someLimit && limitsSet(run.slo).length === 0,
    'no_slo',
    () => 'no latency limit was set (SLO_TTFT_P95 and the like): the verdict is on errors alone',
  )
}
