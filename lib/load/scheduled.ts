import type { LoadConfig } from '../config/index.ts'
import { arrivalPlan, arrivalTimes, packSchedule, type ScheduleFacts } from './arrivals/index.ts'
import type { LoadPlan } from './types.ts'

/**
 * The plan of an open loop that plays a schedule computed before the run: the same phases and the same
 * number of requests, but with times drawn by `load.arrivals`.
 *
 * @param plan plan of a shape, with constant arrivals
 * @param facts facts of the schedule that `packedArrivals` made for it
 */
export function scheduledPlan(
  plan: LoadPlan,
  facts: ScheduleFacts,
  load: Pick<LoadConfig, 'maxVUs'>,
): LoadPlan {
  const { shape, drainMs } = plan
  const phases = plan.phases.map((phase, i) => ({ ...phase, due: facts.dueIn[i]! }))
  return arrivalPlan({ shape, facts, phases, drainMs, maxVUs: load.maxVUs, exec: 'run' })
}

/** The schedule for a plan, packed for a SharedArray; the same for the same seed. */
export function packedArrivals(plan: LoadPlan, load: LoadConfig): string[] {
  const dueMs = arrivalTimes(plan.phases, load.arrivals, load.arrivalsSeed)
  return packSchedule(dueMs, load.expectedE2eMs, plan.phases)
}
