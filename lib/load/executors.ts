import type { RampingArrivalRateScenario, Scenario, Stage } from 'k6/options'
import type { Piece } from './phases.ts'
import { integerRates } from './rate.ts'
import { vusForPhases } from './sizing.ts'
import type { Phase } from './types.ts'

/** k6 accepts fractions; its resolution is a nanosecond. */
const ms = (duration: number) => `${Math.round(duration * 1e6) / 1e6}ms`

/** Name of the k6 scenario that carries all phases. */
export const LOAD_SCENARIO = 'load'

/**
 * Before the first phase, so long at such a rate: half a request. k6 starts iteration n when the area
 * under the rate reaches n, which for whole requests per phase is the very boundary, and its timers race
 * there with the next phase or with the end. Half a request ahead, all starts lie inside their phases, half
 * of the time between two requests away from its ends.
 */
const LEAD = { ms: 1, perSecond: 500 }

/**
 * By how much a ramping rate ends late, ms, at a rate of 0: k6 counts the rate from when its VUs are
 * active, and the end from before that.
 */
const TAIL_MS = 250

/**
 * One k6 scenario for all phases of an open loop: phases share its VUs. (k6 holds each scenario's VUs
 * until its last answers, so one scenario per phase would hold those of several.) It starts as many
 * iterations as the area under the rate, rounded to the nearest number.
 */
export function openScenario(
  phases: readonly Phase[],
  load: { expectedE2eMs: number; maxVUs: number | undefined; drainMs: number },
): RampingArrivalRateScenario & { maxVUs: number } {
  const { rates, unitSeconds } = integerRates(phases.flatMap(({ from, to }) => [from, to]))
  const { preAllocatedVUs, maxVUs } = vusForPhases(phases, load.expectedE2eMs, load.maxVUs)
  const startRate = LEAD.perSecond * unitSeconds
  const parts = phases.map((phase, i) => ({
    ...phase,
    from: rates[2 * i]!,
    to: rates[2 * i + 1]!,
  }))
  return {
    executor: 'ramping-arrival-rate',
    startRate,
    stages: [
      { duration: ms(LEAD.ms), target: startRate },
      ...stagesOf(startRate, parts),
      { duration: ms(0), target: 0 },
      { duration: ms(TAIL_MS), target: 0 },
    ],
    timeUnit: `${unitSeconds}s`,
    preAllocatedVUs,
    maxVUs,
    gracefulStop: ms(Math.max(0, load.drainMs - TAIL_MS - LEAD.ms)),
  }
}

/**
 * One k6 scenario for all phases of a closed loop. A VU that is not needed after a phase finishes its
 * answer first: the default `gracefulRampDown` of 30 s would cut it off.
 */
export function closedScenario(phases: readonly Phase[], drainMs: number): Scenario {
  const first = phases[0]!.from
  const gracefulStop = ms(drainMs)
  if (phases.every(({ from, to }) => from === first && to === first)) {
    const duration = ms(phases[phases.length - 1]!.endMs)
    return { executor: 'constant-vus', vus: first, duration, gracefulStop }
  }
  return {
    executor: 'ramping-vus',
    startVUs: first,
    stages: stagesOf(first, phases),
    gracefulRampDown: gracefulStop,
    gracefulStop,
  }
}

/**
 * Each part as a stage, after a jump (a stage of length 0) where it begins at another level than the last ended.
 *
 * @param start level before the first part
 */
function stagesOf(start: number, parts: readonly Piece[]): Stage[] {
  const stages: Stage[] = []
  let now = start
  for (const { startMs, endMs, from, to } of parts) {
    if (now !== from) stages.push({ duration: ms(0), target: from })
    stages.push({ duration: ms(endMs - startMs), target: to })
    now = to
  }
  return stages
}
