import type { Figure, Report } from '../results/index.ts'

/**
 * Requests/s that the server completes: those that were due in the measured phases, over their length. Of an overloaded
 * phase many of these are answered after its end, so there it is no more than the answers that came within it.
 */
export function servedPerS({ measured, phases, overload = [] }: Report): Figure {
  const due = measured.completedPerS
  const [only] = overload
  const isOne = phases.filter((phase) => phase.measured).length === 1
  return due === null || only === undefined || !isOne ? due : Math.min(due, only.answeredPerS)
}
