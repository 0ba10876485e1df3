import type { ShapeName } from '../config/index.ts'
import type { PreparedTest } from './types.ts'

/** What k6 can select sub-metrics by. */
const SELECTABLE = /^[\w.+-]+$/

/** Tags whose values have figures of their own: applications where there are several, turns. */
export function groupsOf(
  shape: ShapeName,
  { workload, inputs }: Pick<PreparedTest, 'workload' | 'inputs'>,
): PreparedTest['groups'] {
  if ('conversation' in workload) return [{ tag: 'turn', values: workload.turnTags }]
  const apps = shape === 'trace' ? inputs.trace.appNames : (workload.apps ?? [])
  const values = apps.filter((app) => SELECTABLE.test(app))
  return values.length > 1 ? [{ tag: 'app', values }] : []
}
