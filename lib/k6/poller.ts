import { sleep } from 'k6'
import http from 'k6/http'
import type { Config } from '../config/index.ts'
import { metricDef, windowAt } from '../metrics/index.ts'
import { createFigureSamples, readServerMetrics } from '../server-metrics/index.ts'
import { createClock } from './clock.ts'
import type { AddSample } from './metrics.ts'
import { createPlace } from './place.ts'
import { recordServer } from './records.ts'
import type { PreparedTest } from './types.ts'

/** k6 scenario beside the load; k6 gives a scenario of one VU to one segment only. */
export const POLLER = 'server_metrics'

/** At least four looks at each phase, at most one a second. */
const LONGEST_PERIOD_S = 5
const LOOKS_A_PHASE = 4
/** Engines answer in milliseconds; one that is drowned must not hold up the next look. */
const TIMEOUT = '4s'
/** A tag of its own keeps these out of a user's thresholds on HTTP; no status is a failure here. */
const PARAMS = {
  timeout: TIMEOUT,
  tags: { name: POLLER },
  responseCallback: http.expectedStatuses({ min: 100, max: 599 }),
}
/** vLLM exposes some 100 kB; a page of another kind may be anything. */
const MOST_CHARACTERS = 8_000_000

export function pollsServer(config: Config): boolean {
  return urlsOf(config).length > 0
}

/** One VU beside the load that asks the server, and the GPUs, what they say of themselves. */
export function createPoller(test: PreparedTest, add: AddSample): () => void {
  const { config, plan } = test
  const now = createClock()
  const place = createPlace(plan, now)
  const shortestMs = Math.min(...plan.phases.map(({ startMs, endMs }) => endMs - startMs))
  const period = Math.max(1, Math.min(LONGEST_PERIOD_S, shortestMs / 1000 / LOOKS_A_PHASE))
  let sources: { url: string; samples: ReturnType<typeof createFigureSamples> }[] | undefined

  return function poll() {
    // Made by the one VU that polls.
    sources ??= urlsOf(config).map((url) => ({ url, samples: createFigureSamples() }))
    const { windows, originMs } = place()
    const seen: Record<string, number> = {}
    const atMs = now()
    // Of the phase in which it was asked for, so that the records say the same.
    const window = windowAt(windows, atMs)
    const tags = { phase: window?.phase ?? 'drain', measured: String(window?.measured ?? false) }
    for (const { url, samples } of sources) {
      const { status, body } = http.get(url, PARAMS)
      if (status !== 200 || typeof body !== 'string' || body.length > MOST_CHARACTERS) continue
      const reading = readServerMetrics(body)
      for (const { metric, value } of samples.feed(reading)) {
        add(metric, value, tags)
        seen[metric] = joined(metric, seen[metric], value)
        add('llm_server_polls', 1, { ...tags, figure: metric })
      }
    }
    recordServer(test, atMs - originMs, seen)
    sleep(period)
  }
}

/** One figure that several sources tell at one look: what counts adds up, of gauges the larger. */
function joined(metric: string, before: number | undefined, value: number): number {
  if (before === undefined) return value
  return metricDef(metric)?.kind === 'counter' ? before + value : Math.max(before, value)
}

/** Without METRICS_URL the place where all but two engines have it; no key is sent there. */
function urlsOf({ endpoint, values }: Config): readonly string[] {
  const own = /^https?:\/\/[^/]+/.exec(endpoint.baseUrl)?.[0]
  return [...(values.METRICS_URL ?? [`${own}/metrics`]), ...values.GPU_METRICS_URL]
}
