export type { EndedRun, Telling } from './told.ts'
export { parseRun } from './options.ts'
export { main, runAll } from './main.ts'
