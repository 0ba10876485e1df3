import type { LoadBin, Monthly } from './types.ts'

/** Hours in an average month: 365 · 24 / 12. */
export const HOURS_A_MONTH = 730

/** Nobody plans a fleet in more steps than this, and they would take long. */
const MOST_BINS = 1_000_000

export interface FleetOptions {
  /** Highest rate at which one replica keeps the limits, requests/s. */
  perReplica: number
  /** Replicas that may fail at the same time. */
  losses: number
  /** How long a replica takes to be ready, so how far ahead of the load it is started, ms. */
  leadMs: number
  /** Fewest replicas kept at any time. */
  atLeast: number
}

/**
 * The monthly cost of a load that repeats: of a fleet sized for the peak, and of one that follows the
 * load bin by bin, always ready for the highest load of the coming `leadMs`.
 *
 * The scaled fleet knows the load beforehand; a real one, which only sees it, does a little worse.
 * @param bins the load, in order; each bin weighs as much as it is long
 * @param hours price of a replica-hour in the static and in the scaled fleet
 * @throws RangeError that names every problem
 */
export function monthlyCost(
  bins: readonly LoadBin[],
  hours: { readonly static: number; readonly scaled: number },
  options: FleetOptions,
): Monthly {
  const problems: string[] = []
  const { perReplica, losses, leadMs, atLeast } = options
  if (bins.length === 0) problems.push('no load is given')
  const odd = bins.find(({ rate }) => !(rate >= 0 && Number.isFinite(rate)))
  if (odd !== undefined) problems.push(`a load of ${odd.rate}; 0 or more is accepted`)
  const empty = bins.find(({ lengthMs }) => !(lengthMs > 0))
  if (empty !== undefined) problems.push(`a bin of ${empty.lengthMs} ms; above 0 is accepted`)
  if (!(perReplica > 0)) problems.push(`a replica's capacity is ${perReplica}; above 0 is accepted`)
  for (const [name, value] of Object.entries({ losses, atLeast }))
    if (!(Number.isInteger(value) && value >= 0))
      problems.push(`${name} is ${value}; a whole number from 0 is accepted`)
  if (!(leadMs >= 0)) problems.push(`leadMs is ${leadMs}; 0 or more is accepted`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))

  const needed = (rate: number) =>
    Math.max(atLeast, rate === 0 ? 0 : Math.ceil(rate / perReplica - 1e-9) + losses)
  const peakRate = bins.reduce((most, { rate }) => Math.max(most, rate), 0)
  const scaled = mostAhead(bins, leadMs).map(needed)
  const lengthMs = bins.reduce((sum, bin) => sum + bin.lengthMs, 0)
  const overTime = (of: (bin: LoadBin, i: number) => number) =>
    bins.reduce((sum, bin, i) => sum + of(bin, i) * bin.lengthMs, 0) / lengthMs
  const averageRate = overTime(({ rate }) => rate)
  const mean = overTime((_, i) => scaled[i] as number)
  const staticReplicas = needed(peakRate)
  const staticCost = staticReplicas * hours.static * HOURS_A_MONTH
  const scaledCost = mean * hours.scaled * HOURS_A_MONTH
  return {
    averageRate,
    peakRate,
    averageOverPeak: peakRate === 0 ? 0 : averageRate / peakRate,
    staticReplicas,
    scaledReplicasMean: mean,
    scaledReplicasMax: scaled.reduce((most, n) => Math.max(most, n), 0),
    staticCost,
    scaledCost,
    savedShare: staticCost === 0 ? 0 : 1 - scaledCost / staticCost,
  }
}

/**
 * For each bin the largest rate of it and of the bins that begin within `leadMs` of its end. The load
 * repeats: the first bin follows the last. A sliding maximum: the queue holds the bins ahead that no
 * later one exceeds.
 */
function mostAhead(bins: readonly LoadBin[], leadMs: number): number[] {
  const n = bins.length
  const at = (i: number) => bins[i % n] as LoadBin
  const queue: number[] = []
  let head = 0
  let [next, nextStartMs] = [0, 0]
  let endMs = 0
  return bins.map(({ lengthMs }, i) => {
    endMs += lengthMs
    while (next < i + n && (next <= i || nextStartMs < endMs + leadMs)) {
      while (queue.length > head && at(queue[queue.length - 1] as number).rate <= at(next).rate)
        queue.pop()
      queue.push(next)
      nextStartMs += at(next).lengthMs
      next++
    }
    while ((queue[head] as number) < i) head++
    return at(queue[head] as number).rate
  })
}

/**
 * The load of a trace in bins. A remainder of at least half a bin at the end is a shorter bin of its
 * own; a smaller one is joined to the bin before, because the rate of a few seconds is chance and no
 * peak to size a fleet for.
 * @param timesMs times of the requests, from the start of the trace
 * @param binMs length of a bin
 * @throws RangeError for a length that is not above 0, or that makes too many bins
 */
export function loadBins(timesMs: ArrayLike<number>, binMs: number): LoadBin[] {
  if (!(binMs > 0)) throw new RangeError(`bins of ${binMs} ms; above 0 is accepted`)
  let endMs = 0
  for (let i = 0; i < timesMs.length; i++) endMs = Math.max(endMs, timesMs[i] as number)
  const whole = Math.floor(endMs / binMs)
  const restMs = endMs - whole * binMs
  const count = Math.max(1, restMs >= binMs / 2 ? whole + 1 : whole)
  if (count > MOST_BINS)
    throw new RangeError(`${count} bins of ${binMs} ms; at most ${MOST_BINS} are accepted`)
  const requests = new Float64Array(count)
  for (let i = 0; i < timesMs.length; i++) {
    const bin = Math.min(count - 1, Math.floor((timesMs[i] as number) / binMs))
    ;(requests[bin] as number)++
  }
  // A trace without length says nothing about its rate: its requests count as those of one bin.
  const lastMs = endMs === 0 ? binMs : endMs - (count - 1) * binMs
  return Array.from(requests, (n, bin) => {
    const lengthMs = bin === count - 1 ? lastMs : binMs
    return { rate: (1000 * n) / lengthMs, lengthMs }
  })
}
