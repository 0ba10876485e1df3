import type { Scenario } from 'k6/options'
import type { LoadPlan, Phase } from '../types.ts'
import type { ScheduleFacts } from './pack.ts'

/** VUs for 1.5 times the requests expected in flight, because answers are slower under load. */
const HEADROOM = 1.5

export interface ArrivalPlanInput {
  /** Name of the shape, and of the k6 scenario. */
  shape: string
  facts: ScheduleFacts
  /** Contiguous from 0; the load ends with the last one. */
  phases: readonly Phase[]
  /** Time left for answers in flight when the load ends, and for late starts. */
  drainMs: number
  /** Most VUs; by default as many as the peak needs. */
  maxVUs?: number | undefined
  /** Name of the exported function that sends request number `iterationInTest` (default `default`). */
  exec?: string
  tags?: Record<string, string>
}

/** VUs that a schedule needs: its peak in flight with headroom, and one that waits for the next request. */
export function vusForSchedule({ peakInFlight }: ScheduleFacts): number {
  return Math.ceil(peakInFlight * HEADROOM) + 1
}

/**
 * The k6 scenario that plays a schedule: `shared-iterations`, whose iterations are numbered across all
 * VUs and all execution segments, so each request is sent once. A VU takes the next number and sleeps
 * until that request is due; when all VUs are busy a request is late, not lost.
 *
 * `maxDuration` is set because its default would end the load after 10 minutes: to the end of the load
 * plus `drainMs` for requests that start late; then `gracefulStop` of `drainMs` for answers.
 * @throws RangeError when the schedule has no request
 */
export function arrivalPlan(input: ArrivalPlanInput): LoadPlan {
  const { facts, phases, drainMs } = input
  if (facts.requests < 1) {
    throw new RangeError('the schedule holds no request: the rate or the duration is too small')
  }
  const endMs = Math.max(facts.lastMs, phases[phases.length - 1]?.endMs ?? 0)
  // k6 refuses more VUs than iterations.
  const vus = Math.max(1, Math.min(vusForSchedule(facts), input.maxVUs ?? Infinity, facts.requests))
  const scenario: Scenario = {
    executor: 'shared-iterations',
    vus,
    iterations: facts.requests,
    maxDuration: `${Math.max(1000, Math.ceil(endMs + drainMs))}ms`,
    gracefulStop: `${Math.ceil(drainMs)}ms`,
    exec: input.exec ?? 'default',
    ...(input.tags === undefined ? {} : { tags: input.tags }),
  }
  return {
    shape: input.shape,
    loop: 'open',
    unit: 'requests/s',
    phases,
    endMs,
    drainMs,
    peak: Math.max(0, ...phases.flatMap((phase) => [phase.from, phase.to])),
    maxVUs: vus,
    scenarios: { [input.shape]: scenario },
  }
}

/** The only phase of a replayed trace: its mean rate, from 0 to the end of the window. */
export function tracePhases(facts: ScheduleFacts, windowMs: number, warmupMs = 0): Phase[] {
  const endMs = Math.max(windowMs, facts.lastMs)
  const rate = endMs === 0 ? 0 : (facts.requests / endMs) * 1000
  const load = {
    name: 'trace',
    role: 'main',
    startMs: 0,
    endMs,
    measured: true,
    from: rate,
    to: rate,
  } as const
  if (warmupMs <= 0 || warmupMs >= endMs) return [load]
  return [
    { ...load, name: 'warmup', role: 'warmup', endMs: warmupMs, measured: false },
    { ...load, startMs: warmupMs },
  ]
}
