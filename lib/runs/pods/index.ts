export type * from './types.ts'
export type { Merging } from './merge.ts'
export { misfits, podsInOrder } from './check.ts'
export { mergePods } from './merge.ts'
