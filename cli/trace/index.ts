export { main } from './main.ts'
export { fromLog, noCounts } from './from-log.ts'
export { readTrace } from './files.ts'
