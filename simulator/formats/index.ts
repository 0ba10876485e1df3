export type * from './names.ts'
export type * from './types.ts'
export { openaiError } from './openai.ts'
export { formats } from './registry.ts'
