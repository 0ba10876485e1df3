import type { Monthly } from './types.ts'

/** Hours of a month in the mean: 365 · 24 / 12. */
export const HOURS_A_MONTH = 730

export interface FleetOptions {
  /** Requests/s that one replica keeps the limits at. */
  perReplica: number
  /** Replicas that may be lost. */
  losses: number
  /** Bins ahead that a replica must be asked for, as it takes so long to be ready. */
  leadBins: number
  /** Replicas that are never given up. */
  atLeast: number
}

/**
 * A month's cost of load that goes on like this: a fleet sized for the peak, and one that follows
 * the load, in steps of a bin, always ready for the most of the coming `leadBins`.
 *
 * The scaled fleet knows the load beforehand: a real one that only sees it does a little worse.
 * @param rates mean load of bins of equal length, requests/s
 * @param hours price of a replica's hour in the static and in the scaled fleet
 * @throws RangeError with every problem
 */
export function monthlyCost(
  rates: readonly number[],
  hours: { readonly static: number; readonly scaled: number },
  options: FleetOptions,
): Monthly {
  const problems: string[] = []
  const { perReplica, losses, leadBins, atLeast } = options
  if (rates.length === 0) problems.push('no load is given')
  const odd = rates.find((rate) => !(rate >= 0 && Number.isFinite(rate)))
  if (odd !== undefined) problems.push(`a load of ${odd}; 0 or more is accepted`)
  if (!(perReplica > 0)) problems.push(`a replica's capacity is ${perReplica}; above 0 is accepted`)
  for (const [name, value] of Object.entries({ losses, leadBins, atLeast }))
    if (!(Number.isInteger(value) && value >= 0))
      problems.push(`${name} is ${value}; a whole number from 0 is accepted`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))

  const needed = (rate: number) =>
    Math.max(atLeast, rate === 0 ? 0 : Math.ceil(rate / perReplica - 1e-9) + losses)
  const peakRate = rates.reduce((most, rate) => Math.max(most, rate), 0)
  const averageRate = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  const scaled = rates.map((rate, i) => {
    let most = rate
    // The load goes round: after the last bin of a day comes the first.
    for (let ahead = 1; ahead <= leadBins; ahead++)
      most = Math.max(most, rates[(i + ahead) % rates.length] as number)
    return needed(most)
  })
  const mean = scaled.reduce((sum, n) => sum + n, 0) / scaled.length
  const staticReplicas = needed(peakRate)
  const staticCost = staticReplicas * hours.static * HOURS_A_MONTH
  const scaledCost = mean * hours.scaled * HOURS_A_MONTH
  return {
    averageRate,
    peakRate,
    averageOverPeak: peakRate === 0 ? 0 : averageRate / peakRate,
    staticReplicas,
    scaledReplicasMean: mean,
    scaledReplicasMax: Math.max(...scaled),
    staticCost,
    scaledCost,
    savedShare: staticCost === 0 ? 0 : 1 - scaledCost / staticCost,
  }
}

/** Mean rates of bins of equal length over a trace, requests/s; the last bin may be shorter. */
export function binRates(timesMs: ArrayLike<number>, binMs: number): number[] {
  if (!(binMs > 0)) throw new RangeError(`bins of ${binMs} ms; above 0 is accepted`)
  let end = 0
  for (let i = 0; i < timesMs.length; i++) end = Math.max(end, timesMs[i] as number)
  // A request at the very end opens no bin of its own.
  const bins = Math.max(1, Math.ceil(end / binMs))
  if (bins > 10_000_000) throw new RangeError(`${bins} bins of ${binMs} ms; take longer ones`)
  const counts = new Array<number>(bins).fill(0)
  for (let i = 0; i < timesMs.length; i++) {
    const bin = Math.min(bins - 1, Math.floor((timesMs[i] as number) / binMs))
    counts[bin] = (counts[bin] as number) + 1
  }
  const lastMs = end - (bins - 1) * binMs
  return counts.map((n, bin) => (1000 * n) / (bin === bins - 1 && lastMs > 0 ? lastMs : binMs))
}
