import type {
  BreakEven,
  CostLine,
  Ends,
  Energy,
  Limit,
  LimitPrice,
  Monthly,
  TokenPrice,
} from '../../lib/cost/index.ts'
import type { Report } from '../../lib/results/index.ts'
import type { GpuKind } from './options.ts'

/** The JSON that `cost` writes; docs/capacity-and-cost.md describes it. */
export interface CostData {
  format: 'k6-inference-cost'
  version: 1
  currency: string
  /** The run and its measured window, as in its report. */
  run: {
    name: string
    verdict: Report['verdict']
    lengthMs: number
    plannedMs: number | null
    endedEarly: boolean
    completedPerS: number | null
    outputTokensPerS: number | null
    uncounted: number
    cachedKnown: boolean
  }
  limit: Limit | null
  fleets: FleetPrice[]
  tokens: { price: TokenPrice; lines: CostLine[] } | null
  energy: Energy | null
  /** Buying against hosting, by price of a GPU hour; null without prices of both kinds and a capacity. */
  breakEven: BreakEvenAt[] | null
  months: { name: string; month: Monthly }[] | null
}

/** Costs at one price of a GPU hour. */
export interface FleetPrice {
  kind: GpuKind
  gpuHour: number
  replicaHour: number
  replicas: number
  lines: CostLine[]
  /** Of a million output tokens as measured. */
  within: Ends
  atLimit: LimitPrice | null
}

/** Buying against hosting at one price of a GPU hour. */
export interface BreakEvenAt extends BreakEven {
  kind: GpuKind
  /** Of the load over time; null where none is given. */
  month: { requests: number; buy: number; hostStatic: number; hostScaled: number } | null
}
