export { main, mergeFiles, type MergeOptions } from './main.ts'
