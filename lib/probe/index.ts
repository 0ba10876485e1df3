export { createAsk } from './ask.ts'
export type { Ask, AskOptions } from './ask.ts'
export { metricsSources, readMetrics } from './server-metrics.ts'
export type { MetricsSource } from './server-metrics.ts'
