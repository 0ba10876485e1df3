import type { LoadConfig } from '../config/index.ts'
import { CLOSED_SCENARIO, closedScenario, openScenario } from './executors.ts'
import { mostAtOnce } from './sizing.ts'
import type { LoadPlan, Phase } from './types.ts'
import { planWarnings } from './warnings.ts'

/** A phase before it has its place in time; one of no length is left out. */
export interface Part {
  name: string
  ms: number
  measured: boolean
  from: number
  to: number
}

/** A part with the same load from its start to its end. */
export function flat(name: string, ms: number, level: number, measured = true): Part {
  return { name, ms, measured, from: level, to: level }
}

/** Base and peak of a load in its loop's unit. */
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
      return { ...part, startMs, endMs }
    })
}

/**
 * Makes a plan of parts that follow each other.
 *
 * @param shape its name, for results
 * @param parts at least one of some length; names unique and fit for a k6 scenario's name
 */
export function buildPlan(shape: string, load: LoadConfig, parts: readonly Part[]): LoadPlan {
  const phases = place(parts)
  const last = phases[phases.length - 1]
  if (last === undefined) throw new RangeError(`load shape ${shape}: no phase has any length`)
  const { loop, drainMs } = load
  const peak = Math.max(...phases.flatMap(({ from, to }) => [from, to]))
  const open = loop === 'open' ? phases.map((phase) => openScenario(phase, load)) : []
  const maxVUs =
    loop === 'open'
      ? mostAtOnce(
          phases.map(({ startMs, endMs }, i) => {
            return { startMs, endMs: endMs + drainMs, vus: open[i]!.maxVUs }
          }),
        )
      : peak
  const facts = {
    shape,
    loop,
    unit: loop === 'open' ? ('requests/s' as const) : ('requests in flight' as const),
    phases,
    endMs: last.endMs,
    drainMs,
    peak,
    maxVUs,
  }
  const scenarios =
    loop === 'open'
      ? Object.fromEntries(phases.map((phase, i) => [phase.name, open[i]!]))
      : { [CLOSED_SCENARIO]: closedScenario(phases, drainMs) }
  return { ...facts, scenarios, warnings: planWarnings(facts, load) }
}
