import type { Measurement } from '../../lib/capacity/index.ts'
import type { Run } from '../../lib/runs/index.ts'

/** Of all VUs, busy at the same time: one that has just ended is not at once the next one's. */
const ALL = 0.95

/**
 * Whose fault it is that requests started late. Where all VUs waited for answers and those requests
 * that were sent did not keep the limits either, the server is overloaded, as more requests could
 * only make it worse. Else the run says nothing of the server.
 */
export function judgeLateness(
  found: Measurement,
  { requests = [], report }: Pick<Run, 'requests' | 'report'>,
  target: number,
): Measurement {
  const { maxVUs } = report.load
  if (found.clientLimit === undefined || mostBusy(requests) < ALL * maxVUs) return found
  if (found.judged > 0 && found.good < target * found.judged)
    return { ...found, clientLimit: undefined }
  return {
    ...found,
    clientLimit: `all ${maxVUs} VUs waited for answers that kept the limits, so requests started late; a larger EXPECTED_E2E gives more VUs`,
  }
}

/** Most requests that were on their way at the same time. */
function mostBusy(requests: NonNullable<Run['requests']>): number {
  const changes = requests
    .flatMap(({ startMs, endMs }) => [
      { atMs: startMs, by: 1 },
      { atMs: endMs, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by)
  let [busy, most] = [0, 0]
  for (const { by } of changes) most = Math.max(most, (busy += by))
  return most
}
