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

/** k6 scenario beside the load; k6 gives a scenario with one VU to only one segment. */
export const POLLER = 'server_metrics'

/** Longest polling period. Each phase gets at least four polls, at most one per second. */
const LONGEST_PERIOD_S = 5
const LOOKS_A_PHASE = 4
/** Engines answer in milliseconds; an overloaded one must not delay the next poll. */
const TIMEOUT = '4s'
/** Its own tag keeps these requests out of a user's thresholds on HTTP; no status counts as a failure. */
const PARAMS = {
  timeout: TIMEOUT,
  tags: { name: POLLER },
  responseCallback: http.expectedStatuses({ min: 100, max: 599 }),
}
/** vLLM exposes some 100 kB; some other page may have any size. */
const MOST_CHARACTERS = 8_000_000

export function pollsServer(config: Config): boolean {
  return urlsOf(config).length > 0
}

/** One VU beside the load that polls the metrics of the server and of the GPUs. */
export function createPoller(test: PreparedTest, add: AddSample): () => void {
  const { config, plan } = test
  const now = createClock()
  const place = createPlace(plan, now)
  const shortestMs = Math.min(...plan.phases.map(({ startMs, endMs }) => endMs - startMs))
  const period = Math.max(1, Math.min(LONGEST_PERIOD_S, shortestMs / 1000 / LOOKS_A_PHASE))
  let sources: { url: string; samples: ReturnType<typeof createFigureSamples> }[] | undefined

  return function poll() {
    // Created only in the VU that polls.
    sources ??= urlsOf(config).map((url) => ({ url, samples: createFigureSamples() }))
    const { windows, originMs } = place()
    const seen: Record<string, number> = {}
    const atMs = now()
    // The phase in which the poll was sent, so that the records say the same.
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

/** Combines a figure that several sources give at one poll: the sum of counters, the largest of gauges. */
function joined(metric: string, before: number | undefined, value: number): number {
  if (before === undefined) return value
  return metricDef(metric)?.kind === 'counter' ? before + value : Math.max(before, value)
}

/** Without METRICS_URL, the path that all but two engines use; no key is sent there. */
function urlsOf({ endpoint, values }: Config): readonly string[] {
  const own = /^https?:\/\/[^/]+/.exec(endpoint.baseUrl)?.[0]
  return [...(values.METRICS_URL ?? [`${own}/metrics`]), ...values.GPU_METRICS_URL]
}
