export { main } from './main.ts'
export { FOR_REPORT, parseFormats, writeOutputs } from './outputs.ts'
