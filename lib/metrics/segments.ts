/**
 * Bounds of an execution segment, the part of the load that one of several k6 processes plays.
 *
 * @param segment as k6 writes it (lib.ExecutionSegment): `0:1/3`; also `25%`, `1/3`, `0.2:2/3`,
 *   where one number is the end of a segment from 0. Null is the whole load.
 * @returns shares of the load, 0-1; undefined for text that is no segment
 */
export function segmentBounds(segment: string | null): { from: number; to: number } | undefined {
  if (segment === null) return { from: 0, to: 1 }
  const parts = segment.split(':')
  if (parts.length > 2) return undefined
  const from = parts.length === 1 ? 0 : share(parts[0]!)
  const to = share(parts[parts.length - 1]!)
  return from >= 0 && from < to && to <= 1 ? { from, to } : undefined
}

/** Share of the load that a process with this segment plays, 0-1; all of it for what is none. */
export function segmentShare(segment: string | null): number {
  const bounds = segmentBounds(segment)
  return bounds === undefined ? 1 : bounds.to - bounds.from
}

/** A fraction `1/3`, a percentage `25%` or a decimal `0.25`; NaN for other text. */
function share(text: string): number {
  const [, over, under = '1', percent] = /^(\d+(?:\.\d+)?)(?:\/(\d+))?(%)?$/.exec(text.trim()) ?? []
  return over === undefined ? NaN : Number(over) / Number(under) / (percent === undefined ? 1 : 100)
}
