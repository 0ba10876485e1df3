export type { IntervalCollector } from './collect.ts'
export { createIntervals } from './collect.ts'
