export type * from './types.ts'
export type { EndpointConfig } from './readers/endpoint.ts'
export type { LengthSpec } from './readers/lengths.ts'
export type { WeightedEndpoint } from './readers/lists.ts'
export type { StartAt } from './readers/moment.ts'
export type { Secret } from './readers/secret.ts'
export type { ShapeName } from './shapes.ts'
export type { PublicConfig } from './show.ts'
export type { StoredConfig } from './stored.ts'
export type { Values, VariableName } from './variables/index.ts'
export { formatDuration, readDuration } from './readers/duration.ts'
export { readHeaders } from './readers/headers.ts'
export { readEndpoint } from './readers/endpoint.ts'
export { createSecret } from './readers/secret.ts'
export { parseConfig } from './parse.ts'
export { proxyVariable } from './proxy.ts'
export { restoreConfig, storeConfig } from './stored.ts'
export {
  configErrorText,
  describeShapes,
  describeVariables,
  problemText,
  publicConfig,
  variablesOf,
} from './show.ts'
