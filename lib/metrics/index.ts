export type * from './types.ts'
export type { Selector } from './selectors.ts'
export type { PhaseRole } from './phases.ts'
export type { PhaseSpan } from './slices.ts'
export type { SloThreshold } from './thresholds.ts'
export type { RequestLimit } from './goodput.ts'
export type { LatencyLimit, LimitField, LimitVariable, Slo } from './limits.ts'
export type { SampleContext } from './samples.ts'
export type { MetricName } from './catalogue.ts'
export type { WindowShare } from './windows.ts'
export type { AddSample } from './adding.ts'
export type { Bound, Bounds } from './bounds.ts'
export { boundExpression, boundsSet, spendOf } from './bounds.ts'
export type { Graders } from './quality-keys.ts'
export { OF_JSON, qualitySamples } from './quality.ts'
export { isOfQuality } from './quality-list.ts'
export type { IdleRun } from './idle.ts'
export { IDLE_FIELDS, idleSum } from './idle.ts'
export { divergenceSamples } from './divergence.ts'
export { isOfDivergence } from './divergence-list.ts'
export { CATALOGUE } from './catalogue.ts'
export { isQueued } from './latencies.ts'
export { isInResults, metricDef, metricDefs } from './defs.ts'
export type { ClientFacts } from './client.ts'
export { clientSamples, LATE_MS, lateCause, lengthSamples } from './client.ts'
export { eachSample, labelled, samplesOf, startSamples, zeroSamples } from './samples.ts'
export { meetsSlo, requestLimits } from './goodput.ts'
export { latencyLimits, limitsSet } from './limits.ts'
export { GAPS_PER_S, GAP_BUDGET, gapSampling, sampleGaps } from './gaps.ts'
export type { ReadingResult, ReadingSource } from './outcomes.ts'
export {
  FINISHES,
  NOTES,
  OUTCOMES,
  outcomeKind,
  PREFLIGHT_PROBLEMS,
  READING_RESULTS,
  READING_SOURCES,
  REASONS,
} from './outcomes.ts'
export { SERVER_FIGURES } from './servers.ts'
export { isPhaseRole, PHASE_ROLES } from './phases.ts'
export { canonicalKey, parseSelector, selector } from './selectors.ts'
export { missingSegments, overlap, segmentBounds, segmentParts, segmentShare } from './segments.ts'
export { windowsOf } from './slices.ts'
export { DRAIN, flightByWindow, receivedTokens, tokensByWindow, windowAt } from './windows.ts'
export { TREND_GRID, TREND_STATS } from './trend-stats.ts'
export {
  isAlwaysTrue,
  judgedThresholds,
  mergeThresholds,
  slicedLatencies,
  sloThresholds,
  thresholdsFor,
} from './thresholds.ts'
export type { Trust, TrustLimit } from './trust.ts'
export { CERTIFIED_MS, STREAMING_TOKENS, TRUST, trustIn } from './trust.ts'
