import { duration, inWords, num } from '../../tables/index.ts'
import { CONFIDENCE, certainVerdicts, figureKey } from '../figures/certainty.ts'
import type { OverloadReport, Report, SloVerdict, SteadyReport } from '../../results/index.ts'

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

/** That more came than was answered, and what it means for the figures of the phase, in one sentence. */
export function overloadText({ camePerS, answeredPerS }: OverloadReport): string {
  return `more came than was answered: ${num(camePerS)} requests/s against ${num(answeredPerS)}, so the queue grows as long as the load lasts; latencies have no upper bound, and depend on when the load ends`
}

/** Whether the queue grew all along a phase. */
export function isOverloaded({ overload = [] }: Pick<Report, 'overload'>, phase: string): boolean {
  return overload.some((one) => one.phase === phase)
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
  if (block === null || phases.filter(({ measured }) => measured).length !== 1) return ''
  const isKnown = (v: SloVerdict) => block.intervals?.[figureKey(v) ?? ''] !== undefined
  const own = slo.filter(isKnown)
  const others = certainVerdicts(own, block, certainty?.confidence ?? CONFIDENCE)
  const changed = others.filter(({ verdict }, i) => verdict !== own[i]?.verdict)
  if (changed.length === 0) return ''
  return ` (${inWords(changed.map((v) => `${v.title} would be ${v.verdict} without it`))})`
}
