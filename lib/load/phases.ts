import type { LoadPlan, Phase } from './types.ts'

/**
 * The phase that a moment belongs to; a boundary belongs to the later phase.
 *
 * @param ms ms from the start of the load; earlier times count as the first phase, later ones as the last
 */
export function phaseAt(plan: Pick<LoadPlan, 'phases'>, ms: number): Phase {
  const { phases } = plan
  // Few phases, looked up once per request: a plain scan is enough.
  return phases.find((phase) => ms < phase.endMs) ?? phases[phases.length - 1]!
}

/**
 * Asked load at a moment, in the plan's unit; 0 outside the load.
 *
 * @param ms ms from the start of the load
 */
export function targetAt(plan: Pick<LoadPlan, 'phases' | 'endMs'>, ms: number): number {
  if (ms < 0 || ms >= plan.endMs) return 0
  const phase = phaseAt(plan, ms)
  const share = (ms - phase.startMs) / (phase.endMs - phase.startMs)
  return phase.from + (phase.to - phase.from) * share
}

/**
 * Requests that a phase of an open loop asks for: the area under its rate. In a closed loop the area is
 * in seconds of requests in flight; divided by their E2E it gives their number.
 *
 * @returns a real number; the sum over all phases is rounded to the nearest
 */
export function areaOf(phase: Pick<Phase, 'startMs' | 'endMs' | 'from' | 'to'>): number {
  return (((phase.from + phase.to) / 2) * (phase.endMs - phase.startMs)) / 1000
}
