import type { LoadPlan, Phase, Slice } from './types.ts'

/** Fewer parts than these show no drift; more of one phase only thin its samples out. */
const mostOfAPhase = 12
const shortestMs = 1000

/**
 * Cuts each phase into equal parts: one of what is not measured, and of the measured phases as many
 * as their length asks for, at most 12 each and none shorter than a second.
 *
 * @param n most slices in all; a plan with more phases than that gets one a phase
 * @returns slices in order of time, covering the plan without gaps
 */
export function slices(plan: Pick<LoadPlan, 'phases'>, n = 24): Slice[] {
  const counts = plan.phases.map(() => 1)
  const room = (phase: Phase, count: number) =>
    phase.measured &&
    count < mostOfAPhase &&
    (phase.endMs - phase.startMs) / (count + 1) >= shortestMs
  for (let left = n - counts.length; left > 0; left--) {
    // The next cut goes where slices are longest.
    let longest = -1
    let longestMs = 0
    plan.phases.forEach((phase, i) => {
      const ms = (phase.endMs - phase.startMs) / counts[i]!
      if (!room(phase, counts[i]!) || ms <= longestMs) return
      longest = i
      longestMs = ms
    })
    if (longest < 0) break
    counts[longest]!++
  }
  return plan.phases.flatMap((phase, i) => cut(phase, counts[i]!))
}

function cut(phase: Phase, count: number): Slice[] {
  const at = (i: number) => phase.startMs + ((phase.endMs - phase.startMs) * i) / count
  return Array.from({ length: count }, (_, i) => ({
    name: `${phase.name}-${String(i + 1).padStart(2, '0')}`,
    phase: phase.name,
    startMs: at(i),
    endMs: at(i + 1),
  }))
}

/**
 * The slice that a moment belongs to.
 *
 * @param all slices in order of time, at least one
 * @param ms ms from the start of the load; before it counts as the first slice, after it as the last
 */
export function sliceAt(all: readonly Slice[], ms: number): Slice {
  return all.find((slice) => ms < slice.endMs) ?? all[all.length - 1]!
}
