import { duration, inWords, num } from '../../tables/index.ts'
import { verdictOf } from '../../statistics/index.ts'
import { CONFIDENCE, figureKey } from '../figures/certainty.ts'
import type { Interval, Report, SloVerdict, SteadyReport } from '../../results/index.ts'

/**
 * What a phase's start-up or drift means for its figures and verdicts, in one sentence; empty where it is steady, or
 * too few requests tell.
 */
export function steadyText(steady: SteadyReport, report: Report): string {
  const { status, subject, early, late, fromMs, block } = steady
  if (status === 'drifts') {
    return `${subject} drifts: its median is ${num(early)} ms in the first third and ${num(late)} ms in the last, so there is no one figure, and intervals of latencies span both halves`
  }
  if (status !== 'after_start' || fromMs === null || block === null) return ''
  const lasts = `the first ${duration(fromMs - startOf(steady, report))} are a start-up`
  const medians = `median ${subject} ${num(early)} ms, then ${num(late)} ms`
  return `${lasts} (${medians}): "${block.name}" leaves it out${warmUp(steady, report)}; verdicts are on the whole phase${otherwise(steady, report)}`
}

/** Start of the phase, ms from the start of the load. */
function startOf({ phase }: SteadyReport, { phases }: Report): number {
  let atMs = 0
  for (const { name, lengthMs } of phases) {
    if (name === phase) break
    atMs += lengthMs
  }
  return atMs
}

/** A longer warm-up helps the first measured phase. */
function warmUp({ phase, fromMs }: SteadyReport, { phases }: Report): string {
  if (phases.find(({ measured }) => measured)?.name !== phase) return ''
  return `, as WARMUP=${Math.ceil((fromMs ?? 0) / 1000)}s would`
}

/** Limits on which the steady block says another thing, where it is of the only measured phase. */
function otherwise({ block }: SteadyReport, { slo, phases, certainty }: Report): string {
  if (phases.filter(({ measured }) => measured).length !== 1) return ''
  const confidence = certainty?.confidence ?? CONFIDENCE
  const verdicts = slo.flatMap((v): [string, string][] => {
    const key = figureKey(v)
    const interval = key === undefined ? undefined : block?.intervals?.[key]
    if (interval === undefined || !['kept', 'missed', 'undecided'].includes(v.verdict)) return []
    const other = verdictIn(v, interval, confidence)
    return other === v.verdict ? [] : [[v.title, other]]
  })
  if (verdicts.length === 0) return ''
  return ` (${inWords(verdicts.map(([title, verdict]) => `${title} would be ${verdict} without it`))})`
}

function verdictIn(v: SloVerdict, { low, high }: Interval, confidence: number): string {
  const [value, samples, effectiveSamples] = [undefined, 0, undefined]
  const ends = { low: low ?? undefined, high: high ?? undefined }
  const estimate = { value, samples, effectiveSamples, confidence, ...ends }
  return verdictOf(estimate, v.limit, v.direction === 'at least' ? 'atLeast' : 'atMost')
}
