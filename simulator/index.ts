export { startSimulator } from './server.ts'
export type { Simulator } from './types.ts'
export type { SimStats } from './tally.ts'
export type { SimulatorOptions, SimulatorSettings, WireOptions } from './options.ts'
export type { SimRecord } from './records.ts'
export { faultKinds } from './faults.ts'
export type { FaultName, FaultRule } from './faults.ts'
export { checkEngineConfig, defaultEngineConfig } from './engine-config.ts'
export type { EngineConfig } from './engine-config.ts'
export { createEngine } from './scheduler.ts'
export { createFixedEngine } from './fixed-engine.ts'
export type { FixedConfig } from './fixed-engine.ts'
export { createRunRecord, simulate } from './simulate.ts'
export type { Arrival, SimulatedRequest } from './simulate.ts'
export type {
  BlockKey,
  Engine,
  EngineEvent,
  EngineRequest,
  EngineSink,
  EngineStats,
} from './engine-types.ts'
