import { outcomeKind } from '../../metrics/index.ts'
import type { RequestRecord, RunRecord } from '../../records/index.ts'
import { intervalsOf, overloadedEstimates, overloadOf } from '../../report/index.ts'
import type { Intervals } from '../../report/index.ts'
import { valuesOf } from '../figures.ts'
import { timingsOfRecord } from '../samples.ts'
import { dueOf } from '../seen.ts'
import type { MeasuredWindow } from '../types.ts'
import { partOf } from '../window.ts'
import { estimatesOf, LATENCIES } from './estimates.ts'
import { createFlow } from './flow.ts'
import { createGroups } from './groups.ts'
import { halfOf, overHalves } from './halves.ts'
import { createSeries } from './series.ts'
import type { Collected, Series } from './series.ts'
import { steadyReport } from './steady.ts'

export interface IntervalCollector {
  add(record: RequestRecord): void
  /**
   * Intervals of the measured figures, of all phases together and of each.
   * @param confidence 0-1, two-sided
   */
  intervals(window: MeasuredWindow, confidence: number): Intervals
}

/** Collects of each request what intervals are made of: its latencies, outcome and tokens. */
export function createIntervals(run: RunRecord['run']): IntervalCollector {
  const { plan } = run
  const groups = createGroups(run)
  const flow = createFlow()
  const phases = [...new Set(plan.phases.filter((p) => p.measured).map(({ name }) => name))]
  /** Phases that are to be steady: a ramp or a spike moves by intent. */
  const constant = new Set(
    plan.phases
      .filter(({ role, from, to }) => (role === 'main' || role === 'baseline') && from === to)
      .map(({ name }) => name),
  )
  const latencies = new Map(LATENCIES.map(({ name }) => [name, createSeries()] as const))
  const found: Collected = {
    latencies,
    failed: createSeries(),
    good: createSeries(),
    input: createSeries(),
    cached: createSeries(),
    tokens: createSeries(),
    asked: createSeries(),
  }

  return { add, intervals }

  function add(record: RequestRecord): void {
    const atMs = dueOf(record)
    const phase = record.measured ? phases.indexOf(record.phase) : -1
    const outcome = outcomeKind(record.outcome)
    flow.add(atMs, record.endMs)
    if (outcome === 'completed') addTokens(record)
    if (phase < 0) return
    const timings = timingsOfRecord(record)
    for (const { name, timing } of LATENCIES) {
      const own = latencies.get(name) as Series
      for (const value of valuesOf({ outcome, timings }, timing)) own.add(value, phase, atMs)
    }
    if (outcome === 'completed') found.asked.add(record.outputTokens, phase, atMs)
    groups.add(record, timings, phase, atMs)
    if (outcome === 'aborted') return
    found.failed.add(outcome === 'failed' ? 1 : 0, phase, atMs)
    if (record.good !== undefined) found.good.add(record.good ? 1 : 0, phase, atMs)
    found.input.add(record.inputTokens ?? 0, phase, atMs)
    found.cached.add(record.cachedTokens ?? 0, phase, atMs)
  }

  /** Tokens count where they were received, whenever their request began. */
  function addTokens({ received, firstTokenMs, lastTokenMs, endMs }: RequestRecord): void {
    phases.forEach((name, phase) => {
      const amount = received[name] ?? 0
      if (amount > 0) found.tokens.add(amount, phase, firstTokenMs ?? endMs, lastTokenMs ?? endMs)
    })
  }

  function intervals(window: MeasuredWindow, confidence: number): Intervals {
    const parts = phases.map((name, i) => partOfPhase(window, name, i, confidence))
    const each = parts.map(({ name, intervals }) => [name, intervals] as const)
    const [only] = each.length === 1 ? each : []
    const measured = only?.[1] ?? intervalsOf(estimatesOf(found, window, undefined, confidence))
    const overload = parts.flatMap((part) => part.overload ?? [])
    return {
      source: 'records',
      byScope: { measured, ...Object.fromEntries(each) },
      groups: groups.intervals(window, confidence, overload.length > 0),
      steady: parts.flatMap(({ steady }) => steady ?? []),
      overload,
    }
  }

  function partOfPhase(window: MeasuredWindow, name: string, i: number, confidence: number) {
    const own = windowOf(window, name)
    const overload = overloadIn(own)
    // No part of a phase is steady while the queue grows all along it.
    const isSteady = constant.has(name) && overload === undefined
    const steady = isSteady ? steadyReport(found, own, i, confidence) : undefined
    const whole = estimatesOf(found, own, i, confidence)
    let estimates = whole
    if (overload !== undefined) {
      estimates = overloadedEstimates(whole, halfOf(found, own, i, confidence, 'first'))
    } else if (steady?.status === 'drifts') {
      estimates = overHalves(found, own, i, confidence, whole)
    }
    return { name, steady, overload, intervals: intervalsOf(estimates) }
  }

  function overloadIn({ spans, lengthMs }: MeasuredWindow) {
    const [span, ...others] = spans
    if (span === undefined || others.length > 0) return undefined
    return overloadOf(plan, { name: span.phase, lengthMs }, flow.of(span))
  }
}

/** The part of the window that one phase is. */
function windowOf(window: MeasuredWindow, phase: string): MeasuredWindow {
  return partOf(
    window,
    window.spans.filter((span) => span.phase === phase),
  )
}
