import type { LoadConfig } from '../config/index.ts'
import { PHASE_ROLES } from '../metrics/index.ts'
import type { PhaseRole } from '../metrics/index.ts'
import { closedScenario, LOAD_SCENARIO, openScenario } from './executors.ts'
import type { LoadPlan, Phase } from './types.ts'

/** A phase without its place in time yet; one of length 0 is left out. */
export interface Part {
  name: string
  role: PhaseRole
  ms: number
  from: number
  to: number
  step?: string
}

/** A part with the same load from start to end. */
export function flat(name: string, role: PhaseRole, ms: number, level: number): Part {
  return { name, role, ms, from: level, to: level }
}

/** Load before the measurement, at the level at which it begins. */
export function warmup(load: LoadConfig, level: number): Part[] {
  return spread(load, flat('warmup', 'warmup', load.warmupMs, level), 1)
}

/**
 * In a closed loop, a part that begins at a lower level and reaches its own once an answer may be over.
 * Requests that start in one burst would stay in step for several answers, which no set of independent
 * users does: prefills then queue behind each other, and TTFT is that of the burst.
 *
 * @param part of one level, not measured
 * @param from level before it
 */
export function spread(load: LoadConfig, part: Part, from: number): Part[] {
  const ms = Math.min(part.ms, load.startSpreadMs ?? load.expectedE2eMs)
  if (load.loop === 'open' || ms <= 0 || from >= part.to) return [part]
  return [
    { ...part, ms, from },
    { ...part, ms: part.ms - ms },
  ]
}

/** Base and peak of a load, in the unit of its loop. */
export function levels(load: LoadConfig): { base: number; peak: number } {
  return load.loop === 'open'
    ? { base: load.rate, peak: load.peakRate }
    : { base: load.concurrency, peak: load.peakConcurrency }
}

function place(parts: readonly Part[]): Phase[] {
  let endMs = 0
  return parts
    .filter(({ ms }) => ms > 0)
    .map(({ ms, ...part }) => {
      const startMs = endMs
      endMs += ms
      return { ...part, measured: PHASE_ROLES[part.role].measured, startMs, endMs }
    })
}

/**
 * Builds a plan from consecutive parts.
 *
 * @param shape name of the shape, for results
 * @param parts at least one with some length; their names are used for k6 scenarios
 * @throws RangeError when no part has any length
 */
export function buildPlan(shape: string, load: LoadConfig, parts: readonly Part[]): LoadPlan {
  const phases = place(parts)
  const last = phases[phases.length - 1]
  if (last === undefined) throw new RangeError(`load shape ${shape}: no phase has any length`)
  const { loop, drainMs } = load
  const peak = Math.max(...phases.flatMap(({ from, to }) => [from, to]))
  // Each VU loads the script and makes the plan, but only the first load tells k6 its scenarios.
  let made: Scenarios | undefined
  const forK6 = () =>
    (made ??= loop === 'closed' ? closedLoop(phases, peak, drainMs) : openLoop(phases, load))
  return {
    shape,
    loop,
    unit: loop === 'open' ? 'requests/s' : 'requests in flight',
    phases,
    endMs: last.endMs,
    drainMs,
    peak,
    get maxVUs() {
      return forK6().maxVUs
    },
    get scenarios() {
      return forK6().scenarios
    },
  }
}

/**
 * Lets an iteration of a plan be a conversation: it starts, or keeps going, so many of them.
 *
 * @param plan changed in place: a copy would make what only the first load needs, see `buildPlan`
 */
export function planOfConversations(plan: LoadPlan): LoadPlan {
  const unit = plan.loop === 'open' ? 'conversations/s' : 'conversations at a time'
  return Object.assign(plan, { unit } as const)
}

type Scenarios = Pick<LoadPlan, 'scenarios' | 'maxVUs'>

function closedLoop(phases: readonly Phase[], peak: number, drainMs: number): Scenarios {
  return { scenarios: { [LOAD_SCENARIO]: closedScenario(phases, drainMs) }, maxVUs: peak }
}

function openLoop(phases: readonly Phase[], load: LoadConfig): Scenarios {
  const scenario = openScenario(phases, load)
  return { scenarios: { [LOAD_SCENARIO]: scenario }, maxVUs: scenario.maxVUs }
}
