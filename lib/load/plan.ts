import type { LoadConfig } from '../config/index.ts'
import { PHASE_ROLES } from '../metrics/index.ts'
import type { PhaseRole } from '../metrics/index.ts'
import { closedScenario, LOAD_SCENARIO, openScenario, stagedScenario } from './executors.ts'
import { mostAtOnce } from './sizing.ts'
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

/**
 * Up to this many phases of an open loop get their own k6 scenarios, so that `dropped_iterations` is
 * known per phase. Each scenario holds its VUs through its drain, so more phases share one scenario.
 */
const MOST_SCENARIOS = 6

/** A part with the same load from start to end. */
export function flat(name: string, role: PhaseRole, ms: number, level: number): Part {
  return { name, role, ms, from: level, to: level }
}

/** Load before the measurement, at the level at which it begins. */
export function warmup({ warmupMs }: LoadConfig, level: number): Part {
  return flat('warmup', 'warmup', warmupMs, level)
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
  const { scenarios, maxVUs } =
    loop === 'closed' ? closedLoop(phases, peak, drainMs) : openLoop(phases, load)
  return {
    shape,
    loop,
    unit: loop === 'open' ? 'requests/s' : 'requests in flight',
    phases,
    endMs: last.endMs,
    drainMs,
    peak,
    maxVUs,
    scenarios,
  }
}

/** The same plan where an iteration is a conversation: it starts, or keeps going, so many of them. */
export function planOfConversations(plan: LoadPlan): LoadPlan {
  return { ...plan, unit: plan.loop === 'open' ? 'conversations/s' : 'conversations at a time' }
}

type Scenarios = Pick<LoadPlan, 'scenarios' | 'maxVUs'>

function closedLoop(phases: readonly Phase[], peak: number, drainMs: number): Scenarios {
  return { scenarios: { [LOAD_SCENARIO]: closedScenario(phases, drainMs) }, maxVUs: peak }
}

function openLoop(phases: readonly Phase[], load: LoadConfig): Scenarios {
  if (phases.length > MOST_SCENARIOS) {
    const staged = stagedScenario(phases, load)
    return { scenarios: { [LOAD_SCENARIO]: staged }, maxVUs: staged.maxVUs }
  }
  // k6 accepts no rate of 0 for a whole scenario: silence is the absence of one.
  const loud = phases.filter(({ from, to }) => from > 0 || to > 0)
  const made = loud.map((phase) => [phase, openScenario(phase, load)] as const)
  const holds = made.map(([{ startMs, endMs }, { maxVUs: vus }]) => {
    return { startMs, endMs: endMs + load.drainMs, vus }
  })
  const scenarios = Object.fromEntries(
    made.map(([{ name, startMs }, scenario]) => [uniqueName(phases, name, startMs), scenario]),
  )
  return { scenarios, maxVUs: mostAtOnce(holds) }
}

/** A k6 scenario's name for a phase; phases with the same name get a number. */
function uniqueName(phases: readonly Phase[], name: string, startMs: number): string {
  const same = phases.filter((phase) => phase.name === name)
  return same.length === 1 ? name : `${name}_${same.findIndex((p) => p.startMs === startMs) + 1}`
}
