import type { Scenario, Stage } from 'k6/options'
import { integerRates } from './rate.ts'
import { vusFor } from './sizing.ts'
import type { Phase } from './types.ts'

const ms = (duration: number) => `${duration}ms`

/** k6's name of the one scenario that carries all phases of a closed loop. */
export const CLOSED_SCENARIO = 'load'

/**
 * One k6 scenario for a phase of an open loop, so that `dropped_iterations`, which carries only its
 * scenario's tags, is told apart by phase.
 *
 * k6 starts ceil(rate x length) iterations of a constant rate, the first at once; of a ramp it
 * starts iteration n when the area under the rate reaches n, so floor(area), and one that is due at
 * the very end may be left out.
 */
export function openScenario(
  phase: Phase,
  load: { expectedE2eMs: number; maxVUs: number | undefined; drainMs: number },
): Scenario & { preAllocatedVUs: number; maxVUs: number } {
  const { rates, unitSeconds } = integerRates([phase.from, phase.to])
  const peak = Math.max(phase.from, phase.to)
  const { preAllocatedVUs, maxVUs } = vusFor(peak, load.expectedE2eMs, load.maxVUs)
  const duration = ms(phase.endMs - phase.startMs)
  const common = {
    startTime: ms(phase.startMs),
    gracefulStop: ms(load.drainMs),
    timeUnit: `${unitSeconds}s`,
    preAllocatedVUs,
    maxVUs,
    tags: { phase: phase.name, measured: String(phase.measured) },
  }
  if (phase.from === phase.to) {
    return { executor: 'constant-arrival-rate', rate: rates[0]!, duration, ...common }
  }
  const stages = [{ duration, target: rates[1]! }]
  return { executor: 'ramping-arrival-rate', startRate: rates[0]!, stages, ...common }
}

/**
 * One k6 scenario for all phases of a closed loop. A VU that is no longer wanted after a phase
 * finishes its answer first: `gracefulRampDown` is 30 s by default, and cuts.
 */
export function closedScenario(phases: readonly Phase[], drainMs: number): Scenario {
  const first = phases[0]!.from
  const gracefulStop = ms(drainMs)
  if (phases.every(({ from, to }) => from === first && to === first)) {
    const duration = ms(phases[phases.length - 1]!.endMs)
    return { executor: 'constant-vus', vus: first, duration, gracefulStop }
  }
  const stages: Stage[] = []
  let now = first
  for (const phase of phases) {
    // A stage of no length is a jump.
    if (phase.from !== now) stages.push({ duration: '0ms', target: phase.from })
    stages.push({ duration: ms(phase.endMs - phase.startMs), target: phase.to })
    now = phase.to
  }
  return {
    executor: 'ramping-vus',
    startVUs: first,
    stages,
    gracefulRampDown: gracefulStop,
    gracefulStop,
  }
}
