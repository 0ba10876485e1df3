import type { ShapeName } from '../config/index.ts'
import type { PreparedTest } from './types.ts'

/** Values by which k6 can select sub-metrics. */
const SELECTABLE = /^[\w.+-]+$/

/** Tags whose values get their own figures: applications where there are several, and turns. */
export function groupsOf(
  shape: ShapeName,
  { workload, inputs }: Pick<PreparedTest, 'workload' | 'inputs'>,
): PreparedTest['groups'] {
  if ('conversation' in workload) return [{ tag: 'turn', values: workload.turnTags }]
  const apps = shape === 'trace' ? inputs.trace.appNames : (workload.apps ?? [])
  const values = apps.filter((app) => SELECTABLE.test(app))
  return values.length > 1 ? [{ tag: 'app', values }] : []
}
