export { startSimulator } from './server.ts'
export type { SimStats, Simulator } from './server.ts'
export type { SimulatorOptions, SimulatorSettings, WireOptions } from './options.ts'
export type { SimRecord } from './records.ts'
export { faultKinds } from './faults.ts'
export type { FaultName, FaultRule } from './faults.ts'
export { createEngine, defaultEngineConfig } from './scheduler.ts'
export type { EngineConfig } from './scheduler.ts'
export { createFixedEngine } from './fixed-engine.ts'
export type { FixedConfig } from './fixed-engine.ts'
export { simulate } from './simulate.ts'
export type { Arrival, SimulatedRequest } from './simulate.ts'
export type {
  BlockKey,
  Engine,
  EngineEvent,
  EngineRequest,
  EngineSink,
  EngineStats,
} from './engine-types.ts'
