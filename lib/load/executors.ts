import type {
  ConstantArrivalRateScenario,
  RampingArrivalRateScenario,
  Scenario,
  Stage,
} from 'k6/options'
import { integerRates } from './rate.ts'
import { vusFor } from './sizing.ts'
import type { Phase } from './types.ts'

/** k6 accepts fractions; its resolution is a nanosecond. */
const ms = (duration: number) => `${Math.round(duration * 1e6) / 1e6}ms`

/** Name of the k6 scenario when a single one carries all phases. */
export const LOAD_SCENARIO = 'load'

/**
 * By how much a constant rate ends early, ms: up to half of the time between two requests. k6 counts from
 * 0, so at 20/s iteration 20 falls on the end of the first second, where its timer races with the end
 * (and a period that is not a whole number of nanoseconds is rounded down, which puts the iteration
 * before the end). Measured: one more than asked, on a busy machine even with 1 ms between the two.
 */
const earlier = (rate: number) => Math.min(20, 500 / rate)

/**
 * By how much a ramp ends late, ms, at a rate of 0. k6 starts iteration n when the area under the
 * rate reaches n, so the last one falls on the end. It also counts from when its VUs are active, some ms
 * later than the end is counted from. Measured: one less than asked.
 */
const TAIL_MS = 50

/**
 * One k6 scenario per phase of an open loop, so that `dropped_iterations`, which carries only its
 * scenario's tags, is known per phase. It starts as many iterations as the area under the rate, rounded
 * to the nearest number (constant rate, the first one at once) or down (ramp). Its VUs are held until the
 * drain of the phase is over, to the millisecond.
 */
export function openScenario(
  phase: Phase,
  load: { expectedE2eMs: number; maxVUs: number | undefined; drainMs: number },
): (ConstantArrivalRateScenario | RampingArrivalRateScenario) & { maxVUs: number } {
  const { rates, unitSeconds } = integerRates([phase.from, phase.to])
  const peak = Math.max(phase.from, phase.to)
  const { preAllocatedVUs, maxVUs } = vusFor(peak, load.expectedE2eMs, load.maxVUs)
  const length = phase.endMs - phase.startMs
  const common = {
    startTime: ms(phase.startMs),
    timeUnit: `${unitSeconds}s`,
    preAllocatedVUs,
    maxVUs,
    tags: { phase: phase.name, measured: String(phase.measured) },
  }
  if (phase.from === phase.to) {
    // k6 accepts no constant rate for less than a second.
    const early = Math.min(earlier(peak), Math.max(0, length - 1000))
    const executor = 'constant-arrival-rate'
    const duration = ms(length - early)
    return {
      executor,
      rate: rates[0]!,
      duration,
      gracefulStop: ms(load.drainMs + early),
      ...common,
    }
  }
  const stages = [
    { duration: ms(length), target: rates[1]! },
    { duration: ms(0), target: 0 },
    { duration: ms(TAIL_MS), target: 0 },
  ]
  const gracefulStop = ms(Math.max(0, load.drainMs - TAIL_MS))
  return { executor: 'ramping-arrival-rate', startRate: rates[0]!, stages, gracefulStop, ...common }
}

/**
 * One k6 scenario for all phases of an open loop, in stages. It holds the VUs of the highest phase once,
 * where one scenario per phase would hold each phase's VUs through its drain. Its dropped iterations
 * are not known per phase.
 */
export function stagedScenario(
  phases: readonly Phase[],
  load: { expectedE2eMs: number; maxVUs: number | undefined; drainMs: number },
): RampingArrivalRateScenario & { maxVUs: number } {
  const { rates, unitSeconds } = integerRates(phases.flatMap(({ from, to }) => [from, to]))
  const peak = Math.max(...phases.flatMap(({ from, to }) => [from, to]))
  const { preAllocatedVUs, maxVUs } = vusFor(peak, load.expectedE2eMs, load.maxVUs)
  const stages: Stage[] = []
  phases.forEach((phase, i) => {
    const [from, to] = [rates[2 * i]!, rates[2 * i + 1]!]
    // A stage of length 0 is a jump.
    if (i > 0 && rates[2 * i - 1] !== from) stages.push({ duration: ms(0), target: from })
    stages.push({ duration: ms(phase.endMs - phase.startMs), target: to })
  })
  stages.push({ duration: ms(0), target: 0 }, { duration: ms(TAIL_MS), target: 0 })
  return {
    executor: 'ramping-arrival-rate',
    startRate: rates[0]!,
    stages,
    timeUnit: `${unitSeconds}s`,
    preAllocatedVUs,
    maxVUs,
    gracefulStop: ms(Math.max(0, load.drainMs - TAIL_MS)),
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
  const stages: Stage[] = []
  let now = first
  for (const phase of phases) {
    // A stage of length 0 is a jump.
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
