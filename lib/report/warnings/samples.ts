import { limitsSet, TRUST, trustIn } from '../../metrics/index.ts'
import type { TrustLimit } from '../../metrics/index.ts'
import { count, inWords } from '../../tables/index.ts'
import { trend, warnIf } from './types.ts'
import type { Seen, Warning } from './types.ts'

/** How many requests the percentiles, and the verdict, rest on. */
export function sampleWarnings({ run, report }: Seen): Warning[] {
  const someLimit = report.slo.some((v) => !v.builtIn)
  return [
    ...fewSamples(report, 'p95', TRUST.p95Samples),
    ...fewSamples(report, 'p99', TRUST.p99Samples),
    ...warnIf(
      someLimit && limitsSet(run.slo).length === 0,
      'no_slo',
      () => 'no latency limit was set (SLO_TTFT_P95 and the like): the verdict is on errors alone',
    ),
  ]
}

/** A warning when some measured phases have too few requests for a percentile, unless they have none. */
function fewSamples({ phases }: Seen['report'], percentile: string, limit: TrustLimit): Warning[] {
  const few = phases.flatMap((phase) => {
    const samples = trend(phase, 'llm_ttft').count ?? 0
    const enough = trustIn(samples, limit) === 'trustworthy'
    return !phase.measured || samples === 0 || enough ? [] : [{ name: phase.name, samples }]
  })
  const names = inWords(few.map(({ name }) => name))
  const counts = inWords(few.map(({ samples }) => count(samples)))
  return warnIf(
    few.length > 0,
    'few_samples',
    () =>
      `${percentile} of ${names} rests on ${counts} requests; ${percentile} needs ${limit.degraded}`,
  )
}
