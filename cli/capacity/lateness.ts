import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { RequestSample } from '../../lib/runs/index.ts'
import type { Measurement } from '../../lib/capacity/index.ts'

/** Of all VUs, busy at the same time: one that has just ended is not at once the next one's. */
const ALL = 0.95

/**
 * Whose fault it is that requests started late. Where all VUs waited for answers and those requests
 * that were sent did not keep the limits either, the server is overloaded, as more requests could
 * only make it worse. Else the run says nothing of the server.
 * @param maxVUs of the run's plan; undefined when not known
 */
export function judgeLateness(
  found: Measurement,
  requests: readonly RequestSample[],
  maxVUs: number | undefined,
  target: number,
): Measurement {
  if (found.clientLimit === undefined || maxVUs === undefined) return found
  if (mostBusy(requests) < ALL * maxVUs) return found
  if (found.judged > 0 && found.good < target * found.judged)
    return { ...found, clientLimit: undefined }
  return {
    ...found,
    clientLimit: `all ${maxVUs} VUs waited for answers that kept the limits, so requests started late; a larger EXPECTED_E2E gives more VUs`,
  }
}

/** Most requests that were on their way at the same time. */
function mostBusy(requests: readonly RequestSample[]): number {
  const changes = requests
    .flatMap((r) => [
      { atMs: r.atMs + (r.timings.latenessMs ?? 0), by: 1 },
      { atMs: r.endMs, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by)
  let [busy, most] = [0, 0]
  for (const { by } of changes) most = Math.max(most, (busy += by))
  return most
}

/** VUs of the plan in a file of records. */
export async function plannedVUs(records: string): Promise<number | undefined> {
  const input = createReadStream(records, 'utf8')
  try {
    for await (const line of createInterface({ input })) {
      if (!line.includes('"record":"run"')) continue
      const vus = JSON.parse(line)?.run?.plan?.maxVUs
      return typeof vus === 'number' ? vus : undefined
    }
  } finally {
    input.destroy()
  }
  return undefined
}
