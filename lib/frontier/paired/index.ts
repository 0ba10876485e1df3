export type { Difference } from './types.ts'
export { differencesOf } from './differences.ts'
export { differencesShown } from './table.ts'
