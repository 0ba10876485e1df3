import { CERTIFIED_MS } from '../../metrics/index.ts'
import { count, duration, NONE, percent } from '../../tables/index.ts'
import { CONFIDENCE } from '../figures/certainty.ts'
import type { Report, ScopeReport } from '../../results/index.ts'
import { moreText } from './limit-text.ts'

const SOURCES = {
  records: 'from the request records',
  slices: "from k6's figures of each slice (RECORDS=on makes it narrower)",
  none: 'not known: there are neither records nor figures of slices',
} as const

/** What ± means in this report, what it rests on, and what it would take where it is missing. */
export function certaintyText({ certainty, measured }: Report): string {
  const { confidence, source } = certainty ?? { confidence: CONFIDENCE, source: 'none' }
  const { lengthMs } = measured
  const missing = (['p95', 'p99'] as const).flatMap((stat) => takes(measured, stat) ?? [])
  return [
    `± is the ${percent(confidence)} interval, ${SOURCES[source]}`,
    missing.length === 0 ? '' : `; ±${NONE}: none yet, ${missing.join(', ')}`,
    lengthMs >= CERTIFIED_MS || lengthMs === 0
      ? ''
      : `. What changes more slowly than in ${duration(lengthMs)} is not in it (PROFILE=certified: ${duration(CERTIFIED_MS)})`,
  ].join('')
}

/** What the interval of a percentile of TTFT takes; undefined where there is one, or it is not known. */
function takes({ metrics, intervals, lengthMs }: ScopeReport, stat: string): string | undefined {
  const stats = metrics['llm_ttft']
  const { needs = null } = intervals?.[`llm_ttft.${stat}`] ?? {}
  const samples = stats?.kind === 'trend' ? (stats.count ?? 0) : 0
  if (needs === null || samples === 0) return undefined
  const more = { samples: needs - samples, ms: (needs / samples - 1) * lengthMs }
  return `TTFT ${stat} takes ${count(needs)} requests (${moreText(more, lengthMs)})`
}
