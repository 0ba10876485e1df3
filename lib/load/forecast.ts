import type { LoadConfig } from '../config/index.ts'
import { TRUST } from '../metrics/index.ts'
import { vusForSchedule, type ScheduleFacts } from './arrivals/index.ts'
import { areaOf } from './phases.ts'
import { vusFor } from './sizing.ts'
import type { LoadPlan } from './types.ts'

const P99_NEEDS = TRUST.p99Samples.degraded

/** Longer runs are what `soak` is for; every Trend value stays in k6's memory. */
const LONG_MS = 2 * 3_600_000

/** A VU of a small bundle costs about 345 kB in k6. */
const MANY_VUS = 3000
const MB_PER_VU = 0.345

const seconds = (ms: number) => `${Math.ceil(ms / 100) / 10} s`
const about = (x: number) => (x >= 10 ? Math.round(x) : Math.round(x * 10) / 10)

/**
 * What a user should know about a plan before it runs, given how long requests are expected to take.
 * Only for that moment: afterwards the summary judges what really happened.
 *
 * @param plan phases, VUs and drain of the run
 * @param load the configuration that the plan was made from
 * @param schedule facts of arrivals that were drawn or recorded
 * @returns warnings, one sentence each
 */
export function forecast(plan: LoadPlan, load: LoadConfig, schedule?: ScheduleFacts): string[] {
  const vus = schedule === undefined ? fewVUs(plan, load) : lateStarts(schedule, load)
  return [...thinPhases(plan, load), ...vus, ...sizes(plan)]
}

function thinPhases({ phases, loop }: Pick<LoadPlan, 'phases' | 'loop'>, load: LoadConfig) {
  return phases.flatMap((phase) => {
    if (!phase.measured) return []
    const area = areaOf(phase)
    const requests = loop === 'open' ? area : (area * 1000) / load.expectedE2eMs
    if (requests >= P99_NEEDS) return []
    const length = phase.endMs - phase.startMs
    const enough = seconds((length * P99_NEEDS) / requests)
    return [
      `phase "${phase.name}" will hold about ${about(requests)} requests, and p99 needs ` +
        `${P99_NEEDS}: it would take ${enough} instead of ${seconds(length)}`,
    ]
  })
}

function fewVUs({ loop, peak }: Pick<LoadPlan, 'loop' | 'peak'>, load: LoadConfig) {
  if (loop === 'closed' || load.maxVUs === undefined) return []
  const { expected } = vusFor(peak, load.expectedE2eMs, load.maxVUs)
  if (load.maxVUs >= expected) return []
  return [
    `MAX_VUS ${load.maxVUs} is below the ${Math.ceil(expected)} requests in flight that ` +
      `${peak} requests/s of ${seconds(load.expectedE2eMs)} each make: arrivals will be dropped`,
  ]
}

/** The requests of a schedule wait for a VU and are not dropped. */
function lateStarts(schedule: ScheduleFacts, { maxVUs }: LoadConfig) {
  const { requests, peakInFlight } = schedule
  if (maxVUs === undefined || maxVUs >= Math.min(peakInFlight + 1, requests)) return []
  return [
    `MAX_VUS is ${maxVUs}, but up to ${peakInFlight} requests are expected in flight: ` +
      `requests will start late; ${vusForSchedule(schedule)} VUs would do`,
  ]
}

function sizes({ endMs, drainMs, maxVUs }: Pick<LoadPlan, 'endMs' | 'drainMs' | 'maxVUs'>) {
  const warnings: string[] = []
  if (endMs > LONG_MS) {
    const drain = `and up to ${seconds(drainMs)} for the last answers`
    warnings.push(`the load takes ${about(endMs / 3_600_000)} hours ${drain}`)
  }
  if (maxVUs > MANY_VUS) {
    const memory = about((maxVUs * MB_PER_VU) / 1000)
    warnings.push(`up to ${maxVUs} VUs may be needed, about ${memory} GB: MAX_VUS limits them`)
  }
  return warnings
}
