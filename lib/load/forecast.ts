import type { LoadConfig } from '../config/index.ts'
import { samplesToBound } from '../statistics/index.ts'
import { mostDueWithin, vusForSchedule, type ScheduleFacts } from './arrivals/index.ts'
import { K6_MEMORY } from './memory.ts'
import { areaOf } from './phases.ts'
import { vusMadeBefore } from './sizing.ts'
import type { LoadPlan } from './types.ts'

const { mibBase, mibPerVu } = K6_MEMORY

/** Fewest requests whose p99 has an interval of 95 %, if they do not depend on each other. */
const P99_NEEDS = samplesToBound(0.99, 0.975)

/** Longer runs are what `soak` is for; every Trend value stays in k6's memory. */
const LONG_MS = 2 * 3_600_000

const MANY_VUS = 3000
const MIB = 2 ** 20

const seconds = (ms: number) => `${Math.ceil(ms / 100) / 10} s`
const about = (x: number) => (x >= 10 ? Math.round(x) : Math.round(x * 10) / 10)

/**
 * What a user should know about a plan before it runs, given how long requests are expected to take.
 * Only for that moment: afterwards the summary judges what really happened.
 *
 * @param plan phases, VUs and drain of the run
 * @param load the configuration that the plan was made from
 * @param schedule facts of arrivals that were drawn or recorded
 * @param memoryBytes what k6 may use on this machine, where that is known
 * @returns warnings, one sentence each
 */
export function forecast(
  plan: LoadPlan,
  load: LoadConfig,
  schedule?: ScheduleFacts,
  memoryBytes?: number,
): string[] {
  const vus = schedule === undefined ? fewVUs(plan, load) : lateStarts(schedule, load)
  const small = memoryBytes === undefined ? [] : smallMemory(plan, memoryBytes)
  return [...thinPhases(plan, load), ...vus, ...sizes(plan), ...small]
}

/** How a closed loop starts, for whoever watches it; undefined where it starts as any load does. */
export function startText({ loop, phases }: Pick<LoadPlan, 'loop' | 'phases'>): string | undefined {
  const { startMs, endMs, from, to, measured } = phases[0]!
  if (loop === 'open' || measured || from >= to) return undefined
  return `the closed loop reaches its ${to} requests in flight after ${seconds(endMs - startMs)}, inside the warm-up, and not in one burst (START_SPREAD=0 for one)`
}

/** k6 makes these VUs before it sends anything; where they do not fit, the system kills it without a word. */
function smallMemory(plan: LoadPlan, memoryBytes: number): string[] {
  const vus = vusMadeBefore(plan.scenarios)
  const neededMiB = mibBase + vus * mibPerVu
  const givenMiB = memoryBytes / MIB
  if (neededMiB <= givenMiB) return []
  const fits = Math.max(1, Math.floor((givenMiB - mibBase) / mibPerVu))
  return [
    `k6 makes ${vus} VUs before it sends anything, about ${Math.round(neededMiB)} MiB, and may use ` +
      `${Math.round(givenMiB)} MiB here, enough for about ${fits}: unless several pods share this load, the system ` +
      'may kill k6 before anything is sent; give it more memory, set EXPECTED_E2E to what an answer really ' +
      'takes, or bound the VUs with MAX_VUS',
  ]
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
      `phase "${phase.name}" will hold about ${about(requests)} requests, and to say how certain its ` +
        `p99 is takes ${P99_NEEDS}: ${enough} instead of ${seconds(length)}`,
    ]
  })
}

function fewVUs({ loop, peak, phases }: LoadPlan, load: LoadConfig) {
  if (loop === 'closed' || load.maxVUs === undefined) return []
  const expected = mostDueWithin(phases, load.expectedE2eMs)
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
    const memory = about((maxVUs * mibPerVu) / 1024)
    warnings.push(`up to ${maxVUs} VUs may be needed, about ${memory} GiB: MAX_VUS limits them`)
  }
  return warnings
}
