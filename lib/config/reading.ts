import type { ShapeName } from './shapes.ts'
import type { PathKind } from './types.ts'
import type { Values, VariableName } from './variables/index.ts'

/** What a check between variables sees: the values that could be read, and where they came from. */
export interface Reading {
  values: Partial<Values>
  given: ReadonlySet<VariableName>
  loop: 'open' | 'closed'
  shape: ShapeName | undefined
  lookAt: (path: string) => PathKind
  problem(variable: VariableName, message: string, accepted: string): void
  warn(variable: VariableName, message: string): void
}
