import { parseSelector } from '../../metrics/index.ts'
import type { LatencyLimit } from '../../metrics/index.ts'
import { samplesToDecide, verdictOf } from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import type {
  CertaintyReport,
  Interval,
  More,
  OverloadReport,
  Report,
  ScopeReport,
  SloVerdict,
  SteadyReport,
} from '../../results/index.ts'
import { TREND_FIELDS } from '../summary.ts'
import { isSampled, sampledEstimate } from './sampled.ts'

/** Confidence of intervals where nobody chose one. */
export const CONFIDENCE = 0.95

/** Percentiles of a latency that reports show, 0-1. */
export const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const

/** Intervals by scope (`measured`, or a phase's name), then by figure, as `ScopeReport.intervals` has them. */
export interface Intervals {
  readonly source: CertaintyReport['source']
  readonly byScope: Readonly<Record<string, Record<string, Interval>>>
  /** Of groups and endpoints: by the tag (`app`, `turn`, `endpoint`) and its value. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, Record<string, Interval>>>>>
  /** Which part of each phase is steady, where single requests tell. */
  readonly steady?: readonly SteadyReport[]
  /** Phases in which the queue grew all along. */
  readonly overload?: readonly OverloadReport[]
}

/**
 * Estimates as a scope keeps them, by figure; those without a sample are left out. Tokens/s per user is
 * 1000 / median TPOT, and so are its bounds.
 */
export function intervalsOf(
  estimates: Readonly<Record<string, Estimate>>,
): Record<string, Interval> {
  const known = Object.entries(estimates).filter(([, { value }]) => value !== undefined)
  const found = Object.fromEntries(known.map(([key, estimate]) => [key, intervalOf(estimate)]))
  const tpot = found['llm_tpot.p50']
  if (tpot === undefined) return found
  const inverse = (ms: number | null) => (ms === null || ms <= 0 ? null : 1000 / ms)
  return {
    ...found,
    tokensPerSPerUser: { ...tpot, low: inverse(tpot.high), high: inverse(tpot.low) },
  }
}

function intervalOf({ low, high, effectiveSamples, needs }: Estimate): Interval {
  return {
    low: low ?? null,
    high: high ?? null,
    effectiveSamples: effectiveSamples ?? null,
    needs: needs ?? null,
  }
}

/** A scope with its intervals; one that is not measured has none. */
export function withIntervals(scope: ScopeReport, { byScope }: Intervals): ScopeReport {
  return scope.measured ? { ...scope, intervals: byScope[scope.name] ?? {} } : scope
}

/**
 * Verdicts by the bounds of intervals, in place of those by the value alone: `kept` and `missed` are
 * certain, each wrong with half of 1 - confidence at most. What has no value, or is unclear for another
 * reason, stays so.
 */
export function certainVerdicts(
  slo: readonly SloVerdict[],
  { intervals = {}, lengthMs }: Pick<ScopeReport, 'intervals' | 'lengthMs'>,
  confidence: number,
): SloVerdict[] {
  return slo.map((v) => {
    const key = figureKey(v)
    if (key === undefined) return v
    const interval = isSampled(v.id)
      ? intervalOf(sampledEstimate(v, confidence))
      : (intervals[key] ?? null)
    if (v.verdict === 'no_value' || v.verdict === 'unclear') return { ...v, interval, more: null }
    const estimate = estimateOf(v, interval, confidence)
    const kind = v.direction === 'at least' ? 'atLeast' : 'atMost'
    const verdict = verdictOf(estimate, v.limit, kind)
    const samples = verdict === 'undecided' ? samplesToDecide(estimate, v.limit, kind) : undefined
    return { ...v, interval, verdict, more: moreOf(samples, estimate.samples, lengthMs) }
  })
}

/** Key of the interval of a limit's figure; undefined where the limit is on a count, which is certain. */
export function figureKey({ id, selector, expression }: SloVerdict): string | undefined {
  if (id === 'completed') return undefined
  if (id === 'error_rate') return 'errorRate'
  if (id === 'goodput') return 'goodShare'
  const stat = expression.split('<')[0] as LatencyLimit['stat']
  return `${parseSelector(selector).metric}.${TREND_FIELDS[stat]}`
}

function estimateOf(v: SloVerdict, interval: Interval | null, confidence: number): Estimate {
  const { low, high, effectiveSamples, needs } = interval ?? NOTHING
  return {
    value: v.value ?? undefined,
    low: low ?? undefined,
    high: high ?? undefined,
    confidence,
    samples: v.samples ?? 0,
    effectiveSamples: effectiveSamples ?? undefined,
    needs: needs ?? undefined,
  }
}

const NOTHING: Interval = { low: null, high: null, effectiveSamples: null, needs: null }

function moreOf(wanted: number | undefined, samples: number, lengthMs: number): More | null {
  if (wanted === undefined) return null
  const more = wanted - samples
  return { samples: more, ms: samples > 0 ? (more / samples) * lengthMs : null }
}

/** Its groups and endpoints with the intervals given. */
export function groupsWith(
  report: Pick<Report, 'groups' | 'endpoints'>,
  { groups = {} }: Intervals,
): Pick<Report, 'groups' | 'endpoints'> {
  const own = <T extends object>(row: T, tag: string, name: string): T => {
    const intervals = groups[tag]?.[name]
    return intervals === undefined ? row : { ...row, intervals }
  }
  return {
    groups: report.groups.map((row) => own(row, row.by, row.name)),
    endpoints: report.endpoints.map((row) => own(row, 'endpoint', row.endpoint)),
  }
}

/** The report's scopes that have intervals, all with those given. */
export function scopesWith(
  report: Pick<Report, 'measured' | 'phases'>,
  intervals: Intervals,
): Pick<Report, 'measured' | 'phases'> {
  return {
    measured: withIntervals(report.measured, intervals),
    phases: report.phases.map((scope) => withIntervals(scope, intervals)),
  }
}
