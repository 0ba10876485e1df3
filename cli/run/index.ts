export { k6Arguments } from './k6.ts'
export { parseRun } from './options.ts'
export { main, runAll } from './main.ts'
export { stampOf } from './plan.ts'
