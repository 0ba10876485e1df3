import type { RequestSample } from '../../runs/index.ts'
import { ascending, percentileOf, quantileEstimate } from '../../statistics/index.ts'
import type { Pair } from './pairs.ts'
import type { Change } from './types.ts'

/**
 * How much longer something takes: the median of the ratios, whose interval knows that requests of one time depend on
 * each other.
 * @param timing ms; undefined where a request has none
 */
export function latencyChange(
  pairs: readonly Pair[],
  timing: (request: RequestSample) => number | undefined,
): Change {
  const known = pairs.flatMap(({ own, other }) => {
    const [mine, theirs] = [timing(own), timing(other)]
    if (mine === undefined || theirs === undefined || !(mine > 0) || !(theirs > 0)) return []
    return [{ mine, theirs, atMs: own.atMs }]
  })
  const ratios = known.map(({ mine, theirs }) => mine / theirs)
  const observations = { values: ratios, timesMs: known.map(({ atMs }) => atMs) }
  const { value, low, high } = quantileEstimate(observations, 0.5)
  const median = (of: 'mine' | 'theirs') =>
    percentileOf(ascending(known.map((one) => one[of])), 0.5) ?? null
  const less1 = (ratio: number | undefined) => (ratio === undefined ? null : ratio - 1)
  return {
    pairs: known.length,
    scale: 'ratio',
    value: median('mine'),
    valueOfOther: median('theirs'),
    change: less1(value),
    low: less1(low),
    high: less1(high),
  }
}
