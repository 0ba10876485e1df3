import { windowPosition } from '../../runs/index.ts'
import type { Run } from '../../runs/index.ts'

/** Number of moments at which requests in flight are counted. */
const POINTS = 512

/**
 * Correlation time of a run. Requests served together slow each other down, so the figures of
 * neighbours are correlated for as long as the number in flight is. It is the one-sided integral of
 * the autocorrelation up to its first zero (Geyer's initial positive sequence), and never less than
 * the mean time that requests stay.
 * @param paired run with the same traffic: then the series is the difference between both counts
 * @returns ms
 */
export function correlationMs(run: Run, paired: Run | undefined): number {
  const series = inFlight(run)
  const other = paired === undefined ? undefined : inFlight(paired)
  const values = series.map((n, i) => n - (other?.[i] ?? 0))
  const stay = meanStayMs(run)
  const stepMs = run.window.lengthMs / POINTS
  return Math.max(stay, paired === undefined ? 0 : meanStayMs(paired), integral(values) * stepMs)
}

/** Mean time that requests of the window stayed on the server, ms; 0 without requests. */
export function meanStayMs(run: Run): number {
  let sum = 0
  let n = 0
  for (const r of run.requests ?? []) {
    if (r.outcome === 'aborted' || !r.measured) continue
    sum += r.endMs - r.atMs
    n++
  }
  return n === 0 ? 0 : sum / n
}

function inFlight(run: Run): Float64Array {
  const changes = new Float64Array(POINTS + 1)
  const point = (ms: number) =>
    Math.ceil((windowPosition(run.window, ms) / run.window.lengthMs) * POINTS)
  for (const r of run.requests ?? []) {
    ;(changes[point(r.atMs)] as number) += 1
    ;(changes[point(r.endMs)] as number) -= 1
  }
  const counts = new Float64Array(POINTS)
  let now = 0
  for (let i = 0; i < POINTS; i++) counts[i] = now += changes[i] as number
  return counts
}

/** Sum of the autocorrelations from lag 0 to the first that is not positive; lag 0 counts half. */
function integral(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const at = (lag: number) => {
    let sum = 0
    for (let i = lag; i < values.length; i++)
      sum += ((values[i] as number) - mean) * ((values[i - lag] as number) - mean)
    return sum
  }
  const variance = at(0)
  if (variance === 0) return 0
  let sum = 0.5
  for (let lag = 1; lag < values.length / 2; lag++) {
    const correlation = at(lag) / variance
    if (correlation <= 0) break
    sum += correlation
  }
  return sum
}
