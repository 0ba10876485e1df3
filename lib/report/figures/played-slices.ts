import { windowsOf } from '../../metrics/index.ts'
import type { Window } from '../../metrics/index.ts'
import type { RunInfo } from '../../results/index.ts'
import type { Summary } from '../summary.ts'
import { elapsedLoadMs } from './scopes.ts'

/** A slice of a measured phase, by the plan. */
export type Slice = Window & { readonly slice: string }

/** The slices that the run got to, the last of which it may have ended in. */
export function playedSlices(summary: Summary, run: RunInfo): Slice[] {
  const elapsedMs = elapsedLoadMs(summary, run)
  return (run.windows ?? windowsOf(run.plan.phases)).flatMap((window): Slice[] =>
    window.slice === undefined || window.startMs >= elapsedMs
      ? []
      : [{ ...window, slice: window.slice }],
  )
}
