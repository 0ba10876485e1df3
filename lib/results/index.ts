export type { ResultsRead } from './read.ts'
export { readResults, resultsJsonSchema } from './read.ts'
