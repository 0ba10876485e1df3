/** How many replicas a peak needs. */
export interface Replicas {
  /** Load at the peak, and what one replica keeps the limits at. */
  peak: number
  perReplica: number
  /** Enough for the peak while `losses` of them are gone. */
  replicas: number
  losses: number
  /** Share of the capacity in use at the peak, with all there and after the losses. */
  utilisation: number
  utilisationAfterLoss: number
}

/**
 * Replicas for a peak with head-room for losses: ceil(peak / capacity of one) + losses.
 *
 * That takes a fleet's capacity for the sum of its replicas', as under a balancer that spreads the
 * load evenly.
 */
export function replicasFor(peak: number, perReplica: number, losses = 1): Replicas {
  const problems: string[] = []
  if (!(peak > 0 && Number.isFinite(peak)))
    problems.push(`the peak is ${peak}; above 0 is accepted`)
  if (!(perReplica > 0)) problems.push(`a replica's capacity is ${perReplica}; above 0 is accepted`)
  if (!(Number.isInteger(losses) && losses >= 0))
    problems.push(`${losses} losses; a whole number from 0 is accepted`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  // Binary fractions: 0.3 / 0.1 is a little less, 0.6 / 0.2 a little more than 3.
  const needed = Math.max(1, Math.ceil(peak / perReplica - 1e-9))
  const replicas = needed + losses
  return {
    peak,
    perReplica,
    replicas,
    losses,
    utilisation: peak / (replicas * perReplica),
    utilisationAfterLoss: peak / (needed * perReplica),
  }
}

/**
 * The highest rate of a trace over any stretch of `windowMs`, requests/s. A stretch shorter than a
 * request takes would ask for more than the server ever holds at once.
 * @param timesMs of the requests, in any order
 */
export function peakRate(timesMs: ArrayLike<number>, windowMs: number): number {
  if (!(windowMs > 0)) throw new RangeError(`a window of ${windowMs} ms; above 0 is accepted`)
  const times = Float64Array.from(timesMs).sort()
  let most = 0
  for (let from = 0, to = 0; to < times.length; to++) {
    while ((times[to] as number) - (times[from] as number) >= windowMs) from++
    most = Math.max(most, to - from + 1)
  }
  return (1000 * most) / windowMs
}
