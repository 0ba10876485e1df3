import exec from 'k6/execution'
import type { LoadPlan } from '../load/index.ts'
import { DRAIN, type Window, windowAt, windowsOf } from '../metrics/index.ts'

/** The place of a request in the plan, by its due time. */
export interface Where {
  /** Tags `phase`, `measured` and, in sweeps, `step`. */
  labels: Readonly<{ phase: string; measured: string; step?: string }>
  slice: string | undefined
  /** Windows of the plan on the run's clock. */
  windows: readonly Window[]
  /** Start of the load on the run's clock, ms. */
  originMs: number
}

export interface Place {
  windows: readonly Window[]
  /** Start of the load on the run's clock, ms. */
  originMs: number
  /** End of the load on the run's clock, ms. */
  endMs: number
  /** The place of a request due at this time; the same object for all of one window. */
  at(dueMs: number): Where
}

/**
 * Ties the plan to the run's clock. The clock starts before `setup()`, so the plan's zero is computed
 * from the start of the running k6 scenario, which k6 gives as wall-clock time: exact to 1 ms. All k6
 * scenarios of a plan start with the load.
 */
export function createPlace(plan: LoadPlan, now: () => number): () => Place {
  let place: Place | undefined
  return () => (place ??= locate())

  function locate(): Place {
    const originMs = now() - (Date.now() - exec.scenario.startTime)
    const windows = windowsOf(plan.phases, originMs)
    const steps = new Map(plan.phases.map(({ name, step }) => [name, step]))
    const known = new Map<Window | undefined, Where>()
    function whereIn(window: Window | undefined): Where {
      const phase = window?.phase ?? DRAIN
      const measured = String(window?.measured ?? false)
      const step = steps.get(phase)
      const labels = step === undefined ? { phase, measured } : { phase, measured, step }
      return { labels, slice: window?.slice, windows, originMs }
    }
    return {
      windows,
      originMs,
      endMs: originMs + plan.endMs,
      at(dueMs) {
        const window = windowAt(windows, dueMs)
        let where = known.get(window)
        if (where === undefined) known.set(window, (where = whereIn(window)))
        return where
      },
    }
  }
}
