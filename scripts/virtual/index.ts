export { virtualArrivals, virtualRun } from './run.ts'
export type { VirtualRun } from './run.ts'
