export { main } from './main.ts'
export { fromLog, type FromLogCounts } from './from-log.ts'
export { readTrace } from './files.ts'
