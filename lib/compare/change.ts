import { figureOfRun } from '../runs/index.ts'
import { changeOf } from './statistics/bootstrap.ts'
import { NO_CHANGE, PLAIN_METHOD } from './raw-change.ts'
import type { ChangeOptions, Method, RawChange } from './raw-change.ts'
import { fromRepeats } from './repeats.ts'
import { fromRecords } from './single-runs.ts'
import type { Run } from '../runs/index.ts'

/** The change of each figure between two sides of one or more runs each. */
export function changesOf(
  before: readonly Run[],
  after: readonly Run[],
  options: ChangeOptions,
): { method: Method; changes: RawChange[] } {
  if (before.length + after.length > 2) return fromRepeats(before, after, options.figures)
  const [a, b] = [before[0] as Run, after[0] as Run]
  if (a.requests !== undefined && b.requests !== undefined) return fromRecords(a, b, options)
  const changes = options.figures.map((def): RawChange => {
    const values = [figureOfRun(def, a), figureOfRun(def, b)] as const
    const [was, is] = values
    const change = changeOf(def, was, is)
    return { ...NO_CHANGE, def, before: was, after: is, change, measured: change }
  })
  const text =
    'one run per side without request records: the change is shown, but how certain it is is not known (give records or repeats)'
  const adjustment = { adjusted: false, model: null, text: 'there are no request records' }
  return { method: { ...PLAIN_METHOD, kind: 'none', adjustment, text }, changes }
}
