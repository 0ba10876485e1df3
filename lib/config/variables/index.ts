import type { output } from 'zod/mini'
import type { ZodMiniType } from 'zod/mini'
import { boundVariables } from './bounds.ts'
import { contentVariables } from './content.ts'
import { deadlineVariables } from './deadlines.ts'
import type { Variable } from './fields.ts'
import { limitVariables } from './limits.ts'
import { loadVariables } from './load.ts'
import { qualityVariables } from './quality.ts'
import { resultVariables } from './results.ts'
import { runVariables } from './run.ts'
import { serverVariables } from './server.ts'
import { shapeVariables } from './shape.ts'

/**
 * All variables. Adding one to its group is enough to read it (`config.values`), check it, warn about
 * near misses of its name and document it.
 */
export const variables = {
  ...serverVariables,
  ...shapeVariables,
  ...loadVariables,
  ...boundVariables,
  ...contentVariables,
  ...deadlineVariables,
  ...qualityVariables,
  ...limitVariables,
  ...resultVariables,
  ...runVariables,
} satisfies Record<string, Variable>

export type VariableName = keyof typeof variables

type Output<V> = V extends { schema: () => infer S extends ZodMiniType } ? output<S> : never

/** The type that each variable is read as; with undefined where it has no default. */
export type Values = {
  [N in VariableName]: (typeof variables)[N] extends { default: string }
    ? Output<(typeof variables)[N]>
    : Output<(typeof variables)[N]> | undefined
}

export type { Variable } from './fields.ts'

export const variableNames = Object.keys(variables) as VariableName[]
