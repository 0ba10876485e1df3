import { areaOf, levelAt, levelIn, type Piece } from '../phases.ts'

/** A piece whose level is a rate, requests/s. */
export type RatePiece = Piece

/**
 * Expected number of requests for a rate: its integral.
 * @param pieces rates in requests/s
 */
export function expectedRequests(pieces: readonly RatePiece[]): number {
  return pieces.reduce((sum, piece) => sum + areaOf(piece), 0)
}

/** Expected number of requests from the start to a time, ms: the integral of the rate. */
export function expectedBy(pieces: readonly RatePiece[], ms: number): number {
  let sum = 0
  for (const piece of pieces) {
    if (ms <= piece.startMs) break
    const endMs = Math.min(ms, piece.endMs)
    sum += areaOf({ ...piece, endMs, to: levelIn(piece, endMs) })
  }
  return sum
}

/**
 * Most requests expected within any stretch of `ms`. Their number changes with the stretch's place by the
 * difference of the rates at its two ends, which is linear between places where an end meets an end of
 * a piece: the most is at one of these places, or where the difference between two of them is 0.
 * @param pieces contiguous from 0, in order
 */
export function mostDueWithin(pieces: readonly RatePiece[], ms: number): number {
  const ends = [0, ...pieces.map(({ endMs }) => endMs)]
  const places = [...new Set(ends.flatMap((end) => [end, end + ms]))].sort((a, b) => a - b)
  const within = (end: number) => expectedBy(pieces, end) - expectedBy(pieces, end - ms)
  let most = 0
  places.forEach((place, i) => {
    const next = places[i + 1] ?? place
    const growth = (at: number) => levelAt(pieces, at) - levelAt(pieces, at - ms)
    // The rate may jump at the places themselves.
    const inset = (next - place) * 1e-6
    const [first, last] = [growth(place + inset), growth(next - inset)]
    const peak = first > 0 && last < 0 ? place + ((next - place) * first) / (first - last) : place
    most = Math.max(most, within(place), within(peak))
  })
  return most
}

/**
 * Inverse of the integral of the rate: the time (ms) at which the expected count reaches `area`. A
 * steady unit-rate process mapped through it arrives at the rate of the pieces, with the process's own
 * burstiness relative to the local rate (time rescaling).
 *
 * Closed form in a piece, after x seconds with a = from and s = (to − from)/length:
 * area = a·x + s·x²/2, so x = 2·area / (a + √(a² + 2·s·area)), which also holds for s = 0 and a = 0
 * and does not subtract near-equal numbers.
 * @param pieces contiguous, in order; rates of 0 or more
 * @returns a function of rising areas: each call continues where the last one ended
 */
export function inverseOfIntegral(pieces: readonly RatePiece[]): (area: number) => number {
  let index = 0
  let before = 0
  return (area) => {
    for (;;) {
      const piece = pieces[index]
      if (piece === undefined) return pieces[pieces.length - 1]?.endMs ?? 0
      const own = areaOf(piece)
      if (area <= before + own && own > 0) {
        const left = Math.max(0, area - before)
        const seconds = (piece.endMs - piece.startMs) / 1000
        const slope = (piece.to - piece.from) / seconds
        // Rounding can make the root's argument negative where a ramp ends at 0.
        const root = Math.sqrt(Math.max(0, piece.from * piece.from + 2 * slope * left))
        const x = left === 0 ? 0 : (2 * left) / (piece.from + root)
        return Math.min(piece.endMs, piece.startMs + x * 1000)
      }
      before += own
      index++
    }
  }
}

/**
 * Repeated days between two rates, compressed to `periodMs`: a raised cosine that begins and ends
 * off-peak, in linear pieces whose ends lie on it (24 per period keep within 1 % of the peak).
 * @param offPeak rate at night, requests/s
 * @param peak rate at noon, requests/s
 * @param periodMs length of a day, ms
 * @param cycles number of days
 * @returns `cycles * piecesPerCycle` contiguous pieces from 0
 */
export function dailyCycle(
  offPeak: number,
  peak: number,
  periodMs: number,
  cycles: number,
  piecesPerCycle = 24,
): RatePiece[] {
  const rate = (i: number): number =>
    offPeak + ((peak - offPeak) * (1 - Math.cos((2 * Math.PI * i) / piecesPerCycle))) / 2
  return Array.from({ length: Math.round(cycles * piecesPerCycle) }, (_, i) => ({
    startMs: (i * periodMs) / piecesPerCycle,
    endMs: ((i + 1) * periodMs) / piecesPerCycle,
    from: rate(i),
    to: rate(i + 1),
  }))
}
