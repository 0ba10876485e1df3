import { duration, NONE, num } from '../../tables/index.ts'
import { figureKey } from '../figures/certainty.ts'
import type { Figure, Report, ScopeReport, SloVerdict, TrendStats } from '../../results/index.ts'

/** What a spike did to one latency. */
export interface Spike {
  /** `TTFT p95`. */
  title: string
  before: ScopeReport
  peak: ScopeReport
  beforeMs: Figure
  peakMs: Figure
  /** Whether the figure lay beyond its limit; null where it has none, or no value. */
  beyond: { before: boolean | null; peak: boolean | null }
  recovery: NonNullable<Report['recovery']>
}

/**
 * What the spike of a run did to the latency that it drove beyond its limit, or else to the first one that has a
 * limit, or else to TTFT p95; undefined for runs without a spike.
 */
export function spikeOf(report: Report): Spike | undefined {
  const { recovery } = report
  const phases = report.phases.filter(({ measured }) => measured)
  const at = phases.reduce(
    (best, { asked }, i) => ((asked ?? 0) > askedIn(phases[best]) ? i : best),
    0,
  )
  const [before, peak] = [phases[at - 1], phases[at]]
  if (recovery === null || before === undefined || peak === undefined) return undefined
  const limits = report.slo.flatMap((v) => figureOf(v) ?? [])
  const found =
    limits.find(({ of, limit }) => isBeyond(of(peak), limit) === true) ?? limits[0] ?? TTFT_P95
  const { title, of, limit } = found
  const [beforeMs, peakMs] = [of(before), of(peak)]
  const beyond = { before: isBeyond(beforeMs, limit), peak: isBeyond(peakMs, limit) }
  return { title, before, peak, beforeMs, peakMs, beyond, recovery }
}

/** `TTFT p95 36 ms → 6.9 s → back within limits 10 s later`. */
export function spikeText({ title, beforeMs, peakMs, beyond, recovery }: Spike): string {
  const went = `${title} ${time(beforeMs)} → ${time(peakMs)}`
  if (beyond.peak !== true) return went
  if (recovery.status === 'recovered')
    return `${went} → back within limits ${recovery.timeMs === 0 ? 'at once' : `${seconds(recovery.timeMs)} later`}`
  if (recovery.status === 'not_recovered')
    return `${went}, not back within limits ${seconds(recovery.watchedMs)} later`
  return went
}

interface Limited {
  title: string
  of: (scope: ScopeReport) => Figure
  limit: number | undefined
}

const TTFT_P95: Limited = { title: 'TTFT p95', of: statOf('llm_ttft.p95'), limit: undefined }

/** The latency that a limit is on, in any phase; undefined for limits on counts and shares. */
function figureOf(v: SloVerdict): Limited | undefined {
  const key = figureKey(v)
  if (v.unit !== 'ms' || key === undefined) return undefined
  return { title: v.title, of: statOf(key), limit: v.limit }
}

/** @param key a metric and its statistic, `llm_ttft.p95` */
function statOf(key: string) {
  const [metric = '', stat = ''] = key.split('.')
  return ({ metrics }: ScopeReport): Figure => {
    const stats = metrics[metric]
    return stats?.kind === 'trend' ? stats[stat as Exclude<keyof TrendStats, 'kind'>] : null
  }
}

function isBeyond(value: Figure, limit: number | undefined): boolean | null {
  return value === null || limit === undefined ? null : value > limit
}

function askedIn(scope: ScopeReport | undefined): number {
  return scope?.asked ?? 0
}

/** `36 ms`, `6.9 s`: in a sentence two digits are enough. */
function time(ms: Figure): string {
  if (ms === null) return NONE
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms < 10 ? num(ms) : Math.round(ms)} ms`
}

/** `10 s`, with a space as in a sentence. */
function seconds(ms: Figure): string {
  return duration(ms).replace(/^([\d.]+)(\w+)$/, '$1 $2')
}
