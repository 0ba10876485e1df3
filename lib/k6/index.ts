export { defineTest } from './define-test.ts'
export type { K6Test } from './define-test.ts'
export type * from './types.ts'
