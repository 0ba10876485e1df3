import { studentQuantile } from '../statistics/index.ts'
import { totals } from './totals.ts'
import type { Measurement, Point, SearchOptions } from './types.ts'

/**
 * Saturation (open loop): the queue grows by more than this share of the requests that arrived, and by
 * more than three standard deviations of their number.
 */
const GROWS = 0.1

/** Combines the runs at one load. */
export function pointOf(
  runs: readonly Measurement[],
  options: Pick<SearchOptions, 'target' | 'confidence' | 'unit'>,
  settled = true,
): Point {
  const load = (runs[0] as Measurement).load
  const total = (of: (run: Measurement) => number) => runs.reduce((sum, run) => sum + of(run), 0)
  const judged = total((run) => run.judged)
  const windowMs = total((run) => run.windowMs)
  const perS = (requests: number) => (requests * 1000) / windowMs
  const goodShare = judged === 0 ? 0 : total((run) => run.good) / judged
  const { low, high } = interval(runs, goodShare, 1 - options.confidence)
  // Requests that were never sent because all VUs were waiting for answers count as arrived.
  const came = Math.max(judged, (load * windowMs) / 1000)
  const served = total((run) => run.served)
  return {
    load,
    runs,
    goodShare,
    low,
    high,
    goodPerS: perS(total((run) => run.good)),
    completedPerS: perS(total((run) => run.completed)),
    servedPerS: perS(served),
    verdict: low >= options.target ? 'kept' : high < options.target ? 'missed' : 'unsure',
    saturated:
      options.unit === 'requests/s' && came - served > Math.max(GROWS * came, 3 * Math.sqrt(came)),
    settled,
  }
}

/**
 * Interval of the good share by batch means: the ratio estimator of the share over stretches of time
 * (Cochran 1977, eq. 2.39), and over whole runs where there are several; the wider one counts.
 * Requests served together are good or bad together, for longer than a stretch where the queue is
 * slow. Never narrower than for independent requests with one added to each outcome, so that a short
 * run in which all requests were good does not pass for certain.
 */
function interval(runs: readonly Measurement[], share: number, alpha: number) {
  const stretches = runs.flatMap((run) => run.stretches)
  const { judged } = totals(stretches)
  const smoothed = (share * judged + 1) / (judged + 2)
  const binomial = Math.sqrt((smoothed * (1 - smoothed)) / judged)
  const halves = [stretches, runs].map((batches) => {
    const known = batches.filter((b) => b.judged > 0)
    const n = known.length
    if (n < 2) return 0
    const residuals = known.reduce((sum, b) => sum + (b.good - share * b.judged) ** 2, 0)
    const error = Math.max(Math.sqrt((n / (n - 1)) * residuals) / judged, binomial)
    // Two runs that happen to agree, or to differ, say little about the scatter between runs.
    return batches === runs && n < 4 ? 0 : studentQuantile(alpha, n - 1) * error
  })
  const half = Math.max(...halves)
  if (judged === 0 || half === 0) return { low: 0, high: 1 }
  return { low: Math.max(0, share - half), high: Math.min(1, share + half) }
}
