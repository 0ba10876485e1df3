interface Bounds {
  from: number
  to: number
}

/**
 * Bounds of an execution segment, the part of the load that one of several k6 processes plays.
 *
 * @param segment as k6 writes it (lib.ExecutionSegment): `0:1/3`; also `25%`, `1/3`, `0.2:2/3`,
 *   where one number is the end of a segment from 0. Null is the whole load.
 * @returns shares of the load, 0-1; undefined for text that is no segment
 */
export function segmentBounds(segment: string | null): Bounds | undefined {
  const [first, last] = endsOf(segment)
  if (first === undefined || last === undefined) return undefined
  const [from, to] = [share(first), share(last)]
  return from >= 0 && from < to && to <= 1 ? { from, to } : undefined
}

/**
 * The segments that a run's pods played together: a list separated by commas.
 *
 * @returns in the order of the load; undefined where one is no segment, or two overlap
 */
export function segmentParts(segments: string | null): (string | null)[] | undefined {
  const parts = segments === null ? [null] : segments.split(',').map((part) => part.trim())
  if (parts.some((part) => segmentBounds(part) === undefined)) return undefined
  const sorted = parts.sort((a, b) => segmentBounds(a)!.from - segmentBounds(b)!.from)
  return sorted.every((part, i) => i === 0 || !overlap(sorted[i - 1]!, part)) ? sorted : undefined
}

/** Share of the load that processes with these segments play, 0-1; all of it for what is none. */
export function segmentShare(segments: string | null): number {
  const parts = segmentParts(segments)
  if (parts === undefined) return 1
  return parts.map((part) => segmentBounds(part)!).reduce((sum, { from, to }) => sum + to - from, 0)
}

/** Bounds closer than this are one: `33.3333333333%` beside `1/3`. */
const CLOSE = 1e-9

/** Whether two segments have a part of the load in common. */
export function overlap(a: string | null, b: string | null): boolean {
  const [one, other] = [segmentBounds(a)!, segmentBounds(b)!]
  return Math.min(one.to, other.to) - Math.max(one.from, other.from) > CLOSE
}

/** @returns the parts of the load that none of these segments, in their order, covers: `1/3:2/3` */
export function missingSegments(ordered: readonly (string | null)[]): string[] {
  const missing: string[] = []
  let [until, reached] = ['0', 0]
  for (const segment of [...ordered, '1:1']) {
    const [first = '0', last = '1'] = endsOf(segment)
    if (share(first) > reached + CLOSE) missing.push(`${until}:${first}`)
    ;[until, reached] = [last, share(last)]
  }
  return missing
}

function endsOf(segment: string | null): string[] {
  if (segment === null) return ['0', '1']
  const ends = segment.split(':').map((end) => end.trim())
  if (ends.length > 2) return []
  return ends.length === 1 ? ['0', ends[0]!] : ends
}

/** A fraction `1/3`, a percentage `25%` or a decimal `0.25`; NaN for other text. */
function share(text: string): number {
  const [, over, under = '1', percent] = /^(\d+(?:\.\d+)?)(?:\/(\d+))?(%)?$/.exec(text) ?? []
  return over === undefined ? NaN : Number(over) / Number(under) / (percent === undefined ? 1 : 100)
}
