export { virtualArrivals, virtualRecords, virtualRun } from './run.ts'
export type { VirtualRun } from './run.ts'
