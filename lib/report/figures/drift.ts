import { percentile } from '../../statistics/index.ts'
import type { DriftReport, Figure, RunInfo, SliceReport } from '../../results/index.ts'

const FEWEST = 6

/**
 * First third of a soak against its last: medians over the slices of each. Null for other shapes, and
 * when there are too few slices.
 */
export function driftReport(run: RunInfo, slices: readonly SliceReport[]): DriftReport | null {
  if (run.plan.shape !== 'soak') return null
  const main = new Set(
    run.plan.phases.filter(({ role }) => role === 'main').map(({ name }) => name),
  )
  const own = slices.filter(({ phase, started }) => main.has(phase) && (started ?? 0) > 0)
  if (own.length < FEWEST) return null
  const third = Math.floor(own.length / 3)
  const pair = (of: (slice: SliceReport) => Figure) => {
    const [first, last] = [own.slice(0, third), own.slice(-third)].map((part) =>
      percentile(
        part.map(of).filter((value) => value !== null),
        0.5,
      ),
    )
    return { first: first ?? null, last: last ?? null }
  }
  return {
    slicesEach: third,
    ttftP50Ms: pair((slice) => slice.ttft.p50),
    ttftP95Ms: pair((slice) => slice.ttft.p95),
    tpotP50Ms: pair((slice) => slice.tpot.p50),
    errorRate: pair((slice) => slice.errorRate),
  }
}
