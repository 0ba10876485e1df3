import { totals } from './totals.ts'
import type { Point } from './types.ts'

/**
 * Where the good share crosses the target. The points are first made monotone: more load cannot make
 * more requests good, so a rise is noise, and the neighbours that rise are pooled, weighted by their
 * requests (pool adjacent violators, Barlow et al. 1972). Between points: linear in log load.
 * @param points in ascending order of load, each with a load > 0
 * @param target share of good requests, 0-1
 * @returns the load at the crossing; undefined when all points are on one side of the target
 */
export function crossing(points: readonly Point[], target: number): number | undefined {
  const shares = monotone(points)
  for (let i = 1; i < points.length; i++) {
    const [above, below] = [shares[i - 1] as number, shares[i] as number]
    if (!(above >= target && below < target)) continue
    const [from, to] = [points[i - 1] as Point, points[i] as Point]
    const part = above === below ? 0 : (above - target) / (above - below)
    return Math.exp(Math.log(from.load) + part * Math.log(to.load / from.load))
  }
  return undefined
}

function monotone(points: readonly Point[]): number[] {
  const blocks: { share: number; weight: number; size: number }[] = []
  for (const point of points) {
    const weight = totals(point.runs).judged
    let block = { share: point.goodShare, weight: Math.max(weight, 1), size: 1 }
    for (let last = blocks[blocks.length - 1]; last && last.share < block.share;) {
      const both = last.weight + block.weight
      const share = (last.share * last.weight + block.share * block.weight) / both
      block = { share, weight: both, size: last.size + block.size }
      blocks.pop()
      last = blocks[blocks.length - 1]
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ share, size }) => Array.from({ length: size }, () => share))
}

/**
 * The knee of the throughput-latency curve: the point of largest power, throughput / mean latency
 * (Kleinrock 1979). Undefined for fewer than three points, and when the largest is at the last one.
 */
export function kneeOf(points: readonly Point[]): Point | undefined {
  const powers = points.map((point) => {
    const known = point.runs.flatMap((run) => run.e2eMeanMs ?? [])
    if (known.length === 0 || point.servedPerS === 0) return undefined
    return point.servedPerS / (known.reduce((sum, ms) => sum + ms, 0) / known.length)
  })
  let best: number | undefined
  powers.forEach((power, i) => {
    if (power !== undefined && (best === undefined || power > (powers[best] as number))) best = i
  })
  if (points.length < 3 || best === undefined || best === points.length - 1) return undefined
  return points[best]
}
