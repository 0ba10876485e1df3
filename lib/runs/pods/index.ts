export type * from './types.ts'
export type { Merging } from './merge.ts'
export { podsInOrder } from './check.ts'
export { mergePods } from './merge.ts'
