export type * from './types.ts'
export { breakEven } from './break-even.ts'
export type { HostOptions } from './break-even.ts'
export { limitPrice } from './limit.ts'
export type { Limit, LimitPrice } from './limit.ts'
export { HOURS_A_MONTH, loadBins, monthlyCost } from './monthly.ts'
export type { FleetOptions } from './monthly.ts'
export {
  fleetCost,
  perMillionAt,
  perMillionWithin,
  replicaHour,
  tokenCost,
  tokensCost,
} from './prices.ts'
export { energyAt, usageOf } from './usage.ts'
