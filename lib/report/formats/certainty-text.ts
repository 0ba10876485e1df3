import { count, NONE, percent } from '../../tables/index.ts'
import { CONFIDENCE } from '../figures/certainty.ts'
import type { Report, ScopeReport } from '../../results/index.ts'
import { moreText } from './limit-text.ts'

const SOURCES = {
  records: 'from the request records',
  slices: "from k6's figures of each slice (RECORDS=on tells more)",
  none: 'not known here: there are neither records nor figures of slices',
} as const

/** What ± means in this report, what it rests on, and what it would take where it is missing. */
export function certaintyText({ certainty, measured }: Report): string {
  const { confidence, source } = certainty ?? { confidence: CONFIDENCE, source: 'none' }
  const missing = (['p50', 'p90', 'p95', 'p99'] as const).flatMap((stat) => {
    const text = takes(measured, stat)
    return text === undefined ? [] : [`${stat} ${text}`]
  })
  const takesText =
    missing.length === 0 ? '' : `; ±${NONE}: too few requests, TTFT needs ${missing.join(', ')}`
  return `± is the ${percent(confidence)} interval, ${SOURCES[source]}${takesText}`
}

/** What the interval of a percentile of TTFT takes; undefined where there is one, or it is not known. */
function takes({ metrics, intervals, lengthMs }: ScopeReport, stat: string): string | undefined {
  const stats = metrics['llm_ttft']
  const { needs = null } = intervals?.[`llm_ttft.${stat}`] ?? {}
  const samples = stats?.kind === 'trend' ? (stats.count ?? 0) : 0
  if (needs === null || samples === 0) return undefined
  const more = { samples: needs - samples, ms: (needs / samples - 1) * lengthMs }
  return `${count(needs)} (${moreText(more, lengthMs)})`
}
