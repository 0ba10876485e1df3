/** How many replicas a peak needs. */
export interface Replicas {
  /** Load at the peak, and the highest at which one replica keeps the limits. */
  peak: number
  perReplica: number
  /** Enough for the peak even after `losses` of them fail. */
  replicas: number
  losses: number
  /** Share of the capacity in use at the peak: with all replicas, and after the losses. */
  utilisation: number
  utilisationAfterLoss: number
}

/**
 * Replicas for a peak, with headroom for losses: ceil(peak / capacity of one) + losses.
 *
 * A fleet's capacity is taken to be the sum of its replicas', as behind a balancer that spreads the
 * load evenly.
 * @param peak load, in the unit of `perReplica`
 * @param perReplica capacity of one replica
 * @param losses replicas that may fail at the same time
 * @throws RangeError that names every problem
 */
export function replicasFor(peak: number, perReplica: number, losses = 1): Replicas {
  const problems: string[] = []
  if (!(peak > 0 && Number.isFinite(peak)))
    problems.push(`the peak is ${peak}; above 0 is accepted`)
  if (!(perReplica > 0)) problems.push(`a replica's capacity is ${perReplica}; above 0 is accepted`)
  if (!(Number.isInteger(losses) && losses >= 0))
    problems.push(`${losses} losses; a whole number from 0 is accepted`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  // Binary fractions: 0.3 / 0.1 is slightly less than 3, 0.6 / 0.2 slightly more.
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
 * The highest rate of a trace over any stretch of `windowMs`, requests/s. A stretch shorter than one
 * request takes would give a rate that the server never has to hold.
 * @param timesMs arrival times of the requests, in any order
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
