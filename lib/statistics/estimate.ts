/** A figure with its interval, in the figure's own unit. */
export interface Estimate {
  /** Undefined without samples. */
  readonly value: number | undefined
  /** Undefined where the samples give no lower bound. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** How often intervals of this kind contain the true value, 0-1; half of the rest lies on either side. */
  readonly confidence: number
  readonly samples: number
  /** As many independent samples would tell as much; undefined where the samples do not show it. */
  readonly effectiveSamples: number | undefined
  /** Samples from which both bounds can be expected, where one of them is missing and that is known. */
  readonly needs?: number | undefined
}

export type Verdict = 'kept' | 'missed' | 'undecided'
export type LimitKind = 'atMost' | 'atLeast'

/** No value, and none of its bounds. */
export function noEstimate(confidence: number, samples = 0): Estimate {
  return {
    value: undefined,
    low: undefined,
    high: undefined,
    confidence,
    samples,
    effectiveSamples: undefined,
  }
}

/**
 * What a figure says of its limit: kept when even the bound on the wrong side keeps it, missed when even
 * the other one misses it. Of a limit that is missed in truth, `kept` comes with probability
 * (1 - confidence) / 2 at most.
 */
export function verdictOf({ low, high }: Estimate, limit: number, kind: LimitKind): Verdict {
  if (kind === 'atMost') {
    if (high !== undefined && high <= limit) return 'kept'
    return low !== undefined && low > limit ? 'missed' : 'undecided'
  }
  if (low !== undefined && low >= limit) return 'kept'
  return high !== undefined && high < limit ? 'missed' : 'undecided'
}

/**
 * Samples in all after which the verdict can be expected, if the figure stays where it is: the distance of
 * a bound from the value falls with the square root of the number of samples.
 * @returns the present number where the verdict is there already; undefined where no number helps (the
 *   figure is at its limit), or none can be told from this one
 */
export function samplesToDecide(
  estimate: Estimate,
  limit: number,
  kind: LimitKind,
): number | undefined {
  const { value, low, high, samples, needs } = estimate
  if (verdictOf(estimate, limit, kind) !== 'undecided') return samples
  if (value === undefined) return undefined
  const bound = value < limit ? high : low
  if (bound === undefined) return needs !== undefined && needs > samples ? needs : undefined
  const distance = Math.abs(limit - value)
  if (distance === 0) return undefined
  const more = Math.ceil(samples * ((bound - value) / distance) ** 2)
  return Number.isSafeInteger(more) ? Math.max(samples + 1, more, needs ?? 0) : undefined
}
