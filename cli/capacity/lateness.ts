import type { Measurement } from '../../lib/capacity/index.ts'
import type { Run } from '../../lib/runs/index.ts'

/** Share of all VUs busy at once that counts as "all": a VU that has just ended takes a moment to start again. */
const ALL = 0.95

/**
 * Decides whether the server or the client made requests start late. Where all VUs were waiting for
 * answers and the requests that were sent missed the limits too, the server is overloaded: more
 * requests could only make it worse. Otherwise the run says nothing about the server.
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
    clientLimit: `requests started late because all ${maxVUs} VUs were waiting for answers that kept the limits; a larger EXPECTED_E2E gives more VUs`,
  }
}

/** Largest number of requests in flight at once. */
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
