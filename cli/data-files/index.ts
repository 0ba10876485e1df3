export { outputFile, writeLines } from './output.ts'
export { pieces } from './pieces.ts'
