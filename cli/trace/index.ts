export { main } from './main.ts'
export { fromLog, type FromLogCounts } from './from-log.ts'
export { InputError } from './files.ts'
