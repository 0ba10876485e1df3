export type * from './types.ts'
export type * from './server-types.ts'
export type { ResultsRead } from './read.ts'
export { readResults, resultsJsonSchema } from './read.ts'
