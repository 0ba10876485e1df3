import type { RequestSample } from '../../runs/index.ts'
import { pairedDifference } from '../../statistics/index.ts'
import type { Pair } from './pairs.ts'
import type { Change } from './types.ts'

/**
 * How much more often something is so.
 * @param isSo undefined where a request does not tell
 */
export function shareChange(
  pairs: readonly Pair[],
  isSo: (request: RequestSample) => boolean | undefined,
): Change {
  const counts = { both: 0, onlyOne: 0, onlyOther: 0, neither: 0 }
  for (const { own, other } of pairs) {
    const [mine, theirs] = [isSo(own), isSo(other)]
    if (mine === undefined || theirs === undefined) continue
    counts[mine ? (theirs ? 'both' : 'onlyOne') : theirs ? 'onlyOther' : 'neither']++
  }
  const { both, onlyOne, onlyOther, neither } = counts
  const known = both + onlyOne + onlyOther + neither
  const { value, low, high } = pairedDifference(counts)
  const share = (hits: number) => (known === 0 ? null : hits / known)
  return {
    pairs: known,
    scale: 'difference',
    value: share(both + onlyOne),
    valueOfOther: share(both + onlyOther),
    change: value ?? null,
    low: low ?? null,
    high: high ?? null,
  }
}
