import { randomSource } from '../random/index.ts'
import { selectRows } from './columns.ts'
import type { Trace } from './types.ts'
import { lowerBound } from './window.ts'

/**
 * `factor` times the requests in the same time, as bursty as before: leaving requests out or
 * laying copies over each other would both draw the arrivals towards Poisson.
 *
 * The trace is cut into windows. A window with n requests gets round(factor·n), the rounding
 * carried on to the next. Its gaps are taken in their order from a random place on, around the
 * window's end as often as needed, and stretched to the window: so the rate over time is the
 * original's times the factor, and the gaps' variation within a window is kept exactly where whole
 * rounds are taken. Each request keeps its own lengths. A second round through a window is other
 * users with other texts: sessions and block ids of copies are numbered apart. Turns of a
 * conversation within one window may change their order.
 * @param windowMs as long as the rate can be called steady, default one minute
 */
export function scaleRate(trace: Trace, factor: number, seed: number, windowMs = 60000): Trace {
  const source = randomSource(seed, 'trace scale')
  const rows: number[] = []
  const times: number[] = []
  const rounds: number[] = []
  let carry = 0
  const endMs = trace.rows === 0 ? 0 : (trace.atMs[trace.rows - 1] as number)
  for (let startMs = 0; startMs <= endMs; startMs += windowMs) {
    const first = lowerBound(trace.atMs, startMs)
    const count = lowerBound(trace.atMs, startMs + windowMs) - first
    const wanted = Math.round(count * factor + carry)
    carry += count * factor - wanted
    if (wanted <= 0 || count === 0) continue
    // The last window ends with the trace, or its rest would become a silence within it.
    const width = Math.min(windowMs, endMs - startMs)
    const begin = Math.floor(source() * count)
    const gaps: number[] = []
    for (let i = 0; i < wanted; i++) {
      gaps.push(gapAfter(trace, first, count, (begin + i) % count, width))
    }
    const sum = gaps.reduce((a, b) => a + b, 0)
    const stretch = sum === 0 ? 0 : width / sum
    // The last gap is parted at a random point: some of it before the first request.
    let at = (gaps[wanted - 1] as number) * stretch * source()
    for (let i = 0; i < wanted; i++) {
      rows.push(first + ((begin + i) % count))
      rounds.push(Math.floor(i / count))
      times.push(startMs + at)
      at += (gaps[i] as number) * stretch
    }
  }
  const scaled = selectRows(trace, rows, Float64Array.from(times))
  return numberCopiesApart(trace, scaled, rounds)
}

/** Gap after the i-th request of a window; after the last one, around the window's end. */
function gapAfter(trace: Trace, first: number, count: number, i: number, width: number): number {
  const at = trace.atMs[first + i] as number
  if (i < count - 1) return (trace.atMs[first + i + 1] as number) - at
  return width - (at - (trace.atMs[first] as number))
}

function numberCopiesApart(original: Trace, scaled: Trace, rounds: readonly number[]): Trace {
  const { sessions, prefixIds } = scaled
  if (sessions) {
    const step = largest(original.sessions ?? []) + 1
    for (let i = 0; i < scaled.rows; i++) {
      if (sessions[i] !== 0) sessions[i] = (sessions[i] as number) + step * (rounds[i] as number)
    }
  }
  if (prefixIds) {
    const step = largest(original.prefixIds?.values ?? []) + 1
    // Counted up, not spread out: the replay scrambles ids in 32 bits.
    const copies = new Map<number, number>()
    for (let i = 0, at = 0; i < scaled.rows; i++) {
      const round = rounds[i] as number
      for (; round > 0 && at < (prefixIds.ends[i] as number); at++) {
        const copy = (prefixIds.values[at] as number) + step * round
        const number = copies.get(copy) ?? step + copies.size
        copies.set(copy, number)
        prefixIds.values[at] = number
      }
      at = prefixIds.ends[i] as number
    }
  }
  return scaled
}

function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] as number)
  return most
}
