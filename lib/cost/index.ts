export type * from './types.ts'
export { binRates, HOURS_A_MONTH, monthlyCost } from './monthly.ts'
export type { FleetOptions } from './monthly.ts'
export {
  costLine,
  joulesPerToken,
  lineItems,
  perMillionAt,
  replicaHour,
  shareOut,
  tokenCost,
} from './prices.ts'
export { createUsageCollector } from './usage.ts'
