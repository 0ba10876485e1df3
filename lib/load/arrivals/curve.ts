import { areaOf } from '../phases.ts'

/** A stretch of a rate over time, linear from its start to its end. A phase of a load plan is one. */
export interface RatePiece {
  startMs: number
  endMs: number
  /** Requests/s at both ends. */
  from: number
  to: number
}

/** Requests that a rate expects in all: its integral. */
export function expectedRequests(pieces: readonly RatePiece[]): number {
  return pieces.reduce((sum, piece) => sum + areaOf(piece), 0)
}

/**
 * Inverse of the integral of the rate: when (ms) the expected count reaches `area`. Arrivals of a
 * steady unit-rate process sent through it arrive at the rate of the pieces, with the process's own
 * burstiness on the scale of the local rate (time rescaling).
 *
 * Closed form in a piece, after x seconds with a = from and s = (to − from)/length:
 * area = a·x + s·x²/2, so x = 2·area / (a + √(a² + 2·s·area)), which holds for s = 0 and a = 0 too
 * and does not subtract near-equal numbers.
 * @param pieces contiguous, in order; rates of 0 or more
 * @returns a function for rising areas: it goes on from where the last call was
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
        // Rounding may take the root's argument below 0 where a ramp ends at 0.
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
 * Day after day between two rates, compressed to `periodMs`: a raised cosine that begins and ends
 * off-peak, in linear pieces whose ends lie on it (24 a period keep within 1 % of the peak).
 * @param offPeak requests/s at night
 * @param peak requests/s at noon
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
