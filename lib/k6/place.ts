import exec from 'k6/execution'
import type { LoadPlan } from '../load/index.ts'
import { type Window, windowAt, windowsOf } from '../metrics/index.ts'

export interface Place {
  /** Windows of the plan on the run's clock. */
  windows: readonly Window[]
  /** Start of the load on the run's clock, ms. */
  originMs: number
  /** Where a request due at this time belongs; undefined once the load is over. */
  at(dueMs: number): Window | undefined
}

/**
 * Ties the plan to the run's clock. The clock starts before `setup()`, so a plan's zero is found from
 * the start of the k6 scenario that runs, which k6 gives as wall-clock time: exact to 1 ms.
 */
export function createPlace(plan: LoadPlan, now: () => number): () => Place {
  let place: Place | undefined
  return () => (place ??= locate())

  function locate(): Place {
    const scenario = plan.scenarios[exec.scenario.name]
    const offsetMs = durationMs(scenario?.startTime)
    const originMs = now() - (Date.now() - exec.scenario.startTime) - offsetMs
    const windows = windowsOf(plan.phases, originMs)
    return { windows, originMs, at: (dueMs) => windowAt(windows, dueMs) }
  }
}

/** The plans write start times in whole ms, `1500ms`. */
function durationMs(startTime: string | undefined): number {
  return startTime === undefined ? 0 : Number.parseFloat(startTime)
}
