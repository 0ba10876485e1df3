export { pickModel, readModelList } from './models.ts'
export { preflight } from './preflight.ts'
export type { PreflightOptions } from './preflight.ts'
export type * from './types.ts'
