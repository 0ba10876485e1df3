import { HOURS_A_MONTH } from './monthly.ts'
import { fleetCost, tokensCost } from './prices.ts'
import type { BreakEven, BreakEvenLine, CostLine, LeastLoad, TokenPrice, Usage } from './types.ts'

/** A fleet of one's own. */
export interface HostOptions {
  /** Price of a replica-hour. */
  replicaHour: number
  /** Rate up to which one replica keeps the limits, requests/s. */
  perReplica: number
  /** Replicas that may fail at the same time. */
  losses: number
  /** Fewest replicas kept at any time. */
  atLeast: number
  /** Mean load / peak load, which the fleet is sized for: 1 for a load that never changes. */
  averageOverPeak: number
  /** Work of an input token relative to an output token, see `fleetCost`. */
  inputWeight: number
}

/**
 * From which load on a fleet of one's own costs less than tokens at a price, for requests as in the run.
 * @param usage what the run used in its measured window
 * @returns null where the run has no count of the tokens that would be billed
 */
export function breakEven(usage: Usage, price: TokenPrice, host: HostOptions): BreakEven | null {
  const bought = tokensCost(usage, price)
  // At any rate: of the fleet's cost only the shares matter here.
  const hosted = fleetCost(usage, host.replicaHour, host.inputWeight)
  const [all] = bought
  if (usage.uncounted > 0 || !all?.perRequest || usage.total.requests === 0) return null
  return {
    lines: bought.flatMap((buy) => {
      const own = hosted.find(({ by, name }) => by === buy.by && name === buy.name)
      return own === undefined ? [] : lineOf(buy, own, usage.total.requests, host)
    }),
    least: leastLoad(all.perRequest, host),
  }
}

/**
 * Of an application: its part of a replica's work, per request. A replica that is used by the mix at a rate r costs
 * replica-hour / (3600 · r) per request of the mix; a request that is k times the work costs k times that.
 */
function lineOf(
  buy: CostLine,
  own: CostLine,
  requests: number,
  { replicaHour, perReplica }: HostOptions,
): BreakEvenLine[] {
  if (buy.perRequest === null || buy.requests === 0) return []
  const work = own.share / (buy.requests / requests)
  const hostPerRequest = (replicaHour * work) / (3600 * perReplica)
  const perS = buy.perRequest === 0 ? null : (replicaHour * work) / (3600 * buy.perRequest)
  return [
    {
      by: buy.by,
      name: buy.name,
      requests: buy.requests,
      buyPerRequest: buy.perRequest,
      hostPerRequest,
      perReplicaPerS: perS,
      use: perS === null ? null : perS / perReplica,
    },
  ]
}

/**
 * The smallest load for which a whole number of replicas costs no more than its tokens: with k replicas for the peak,
 * (k + losses) · replica-hour · 730 / price per request, where k replicas can serve that.
 */
function leastLoad(
  perRequest: number,
  { replicaHour, perReplica, losses, atLeast, averageOverPeak }: HostOptions,
): LeastLoad | null {
  // Requests per month: what pays for one replica, and what one can serve at the load's own use.
  const paysFor = (replicaHour * HOURS_A_MONTH) / perRequest
  const serves = perReplica * averageOverPeak * 3600 * HOURS_A_MONTH
  const found = (replicas: number): LeastLoad => {
    return {
      requestsPerMonth: replicas * paysFor,
      replicas,
      perMonth: replicas * paysFor * perRequest,
    }
  }
  // So many replicas are kept in any case.
  const fewest = Math.max(atLeast, 1 + losses)
  if (fewest * paysFor <= (fewest - losses) * serves * (1 + ROUNDING)) return found(fewest)
  if (paysFor >= serves) return null
  const k = Math.ceil((losses * paysFor) / (serves - paysFor) - ROUNDING)
  return found(k + losses)
}

/** Of a division whose result should be whole. */
const ROUNDING = 1e-9
