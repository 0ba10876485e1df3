import type { LoadPlan, Phase } from './types.ts'

/** A stretch of time whose level is linear from start to end; a phase is one. */
export type Piece = Pick<Phase, 'startMs' | 'endMs' | 'from' | 'to'>

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
export function targetAt({ phases }: Pick<LoadPlan, 'phases'>, ms: number): number {
  return levelAt(phases, ms)
}

/** The level at a moment; a boundary belongs to the later piece, and outside all of them it is 0. */
export function levelAt(pieces: readonly Piece[], ms: number): number {
  const piece = pieces.find(({ startMs, endMs }) => ms >= startMs && ms < endMs)
  return piece === undefined ? 0 : levelIn(piece, ms)
}

/** The level of a piece at a moment inside it. */
export function levelIn({ startMs, endMs, from, to }: Piece, ms: number): number {
  return from + (to - from) * ((ms - startMs) / (endMs - startMs))
}

/**
 * Requests that a phase of an open loop asks for: the area under its rate. In a closed loop the area is
 * in seconds of requests in flight; divided by their E2E it gives their number.
 *
 * @returns a real number; the sum over all phases is rounded to the nearest
 */
export function areaOf(phase: Piece): number {
  return (((phase.from + phase.to) / 2) * (phase.endMs - phase.startMs)) / 1000
}
