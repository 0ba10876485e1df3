import { CLIENT } from './client-list.ts'
import { COUNTS } from './counts.ts'
import { LATENCIES } from './latencies.ts'
import { DIVERGENCE } from './divergence-list.ts'
import { QUALITY } from './quality-list.ts'
import { SERVERS } from './servers.ts'
import type { MetricDef } from './types.ts'

/**
 * Every metric of the project, one entry each. k6's metric objects, the summary, the reports and the
 * dashboards all read this list; nothing names a metric that is not in it.
 */
export const CATALOGUE = [
  ...LATENCIES,
  ...COUNTS,
  ...QUALITY,
  ...DIVERGENCE,
  ...SERVERS,
  ...CLIENT,
] as const satisfies readonly MetricDef[]

export type MetricName = (typeof CATALOGUE)[number]['name']
