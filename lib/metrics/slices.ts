import type { Window } from './types.ts'

/** A named stretch of the plan, ms from the start of the load. */
export interface PhaseSpan {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly measured: boolean
}

/** Shortest slice: below it a percentile stands on too few requests to be called one. */
const SHORTEST_MS = 2_000
/** Slices are tag values: 12 per phase and 48 per run keep the series few. */
const MOST_A_PHASE = 12
const MOST_A_RUN = 48

/**
 * Cuts a plan into windows on the run's clock: each measured phase into equal slices, the rest one
 * window a phase. Slices are what drift and time to recover are judged by; their length is the
 * resolution of both.
 * @param phases contiguous, ascending
 * @param originMs where the load's start lies on the run's clock
 */
export function windowsOf(phases: readonly PhaseSpan[], originMs = 0): Window[] {
  const measured = phases.filter((phase) => phase.measured && phase.endMs > phase.startMs)
  const perPhase = Math.max(
    1,
    Math.min(MOST_A_PHASE, Math.floor(MOST_A_RUN / (measured.length || 1))),
  )
  const windows: Window[] = []
  let slices = 0
  for (const { name, measured: isMeasured, startMs, endMs } of phases) {
    const length = endMs - startMs
    if (!(length > 0)) continue
    const count = isMeasured ? Math.max(1, Math.min(perPhase, Math.floor(length / SHORTEST_MS))) : 1
    for (let i = 0; i < count; i++) {
      windows.push({
        phase: name,
        measured: isMeasured,
        slice: isMeasured ? String(++slices) : undefined,
        startMs: originMs + startMs + (length * i) / count,
        endMs: originMs + (i === count - 1 ? endMs : startMs + (length * (i + 1)) / count),
      })
    }
  }
  return windows
}
