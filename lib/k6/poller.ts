import { sleep } from 'k6'
import type { Config } from '../config/index.ts'
import { metricDef, windowAt } from '../metrics/index.ts'
import type { ReadingResult, ReadingSource } from '../metrics/index.ts'
import { metricsSources, readMetrics } from '../probe/index.ts'
import type { MetricsSource } from '../probe/index.ts'
import { createFigureSamples } from '../server-metrics/index.ts'
import type { AddSample } from './metrics.ts'
import { createPlace } from './place.ts'
import { recordServer } from './records.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest } from './types.ts'

/** k6 scenario beside the load; k6 gives a scenario with one VU to only one segment. */
export const POLLER = 'server_metrics'

/** Longest polling period. Each phase gets at least four polls, at most one per second. */
const LONGEST_PERIOD_S = 5
const LOOKS_A_PHASE = 4
/** Engines answer in milliseconds; an overloaded one must not delay the next poll. */
const TIMEOUT_MS = 4000
/**
 * Most polls that leave out a source that never gave a figure: after each failure twice as many. k6/http logs a line
 * for each failure. One that did give figures may be overloaded, and is asked every time.
 */
const MOST_LEFT_OUT = 31

export function pollsServer(config: Config): boolean {
  return metricsSources(config).length > 0
}

/** One VU beside the load that polls the metrics of the server and of the GPUs. */
export function createPoller(test: PreparedTest, add: AddSample): () => Promise<void> {
  const { config, plan } = test
  // Its own tag keeps these requests out of a user's thresholds.
  const transport = createTransport({ name: POLLER })
  const { now } = transport
  const place = createPlace(plan, now)
  const shortestMs = Math.min(...plan.phases.map(({ startMs, endMs }) => endMs - startMs))
  const period = Math.max(1, Math.min(LONGEST_PERIOD_S, shortestMs / 1000 / LOOKS_A_PHASE))
  let sources: PolledSource[] | undefined

  return async function poll() {
    // Created only in the VU that polls.
    sources ??= metricsSources(config).map((source) => ({
      ...source,
      samples: createFigureSamples(),
      silent: 0,
      leaveOut: 0,
    }))
    const { windows, originMs } = place()
    const values: Record<string, number> = {}
    const readings: { source: ReadingSource; result: ReadingResult }[] = []
    const impossible: string[] = []
    const atMs = now()
    // The phase in which the poll was sent, so that the records say the same.
    const window = windowAt(windows, atMs)
    const tags = { phase: window?.phase ?? 'drain', measured: String(window?.measured ?? false) }
    for (const source of sources) {
      if (source.leaveOut-- > 0) continue
      const { name, endpoint, samples } = source
      const { result, reading } = await readMetrics(transport, endpoint, TIMEOUT_MS)
      if (result === 'figures') source.silent = undefined
      if (source.silent !== undefined)
        source.leaveOut = Math.min(MOST_LEFT_OUT, 2 ** ++source.silent - 1)
      readings.push({ source: name, result })
      add('llm_server_readings', 1, { source: name, result })
      if (result !== 'figures') continue
      const change = samples.feed(reading)
      for (const { metric, value } of change.samples) {
        add(metric, value, tags)
        values[metric] = joined(metric, values[metric], value)
        add('llm_server_polls', 1, { ...tags, figure: metric })
      }
      for (const figure of change.impossible) add('llm_server_impossible', 1, { figure })
      impossible.push(...change.impossible)
    }
    recordServer(test, atMs - originMs, { values, readings, impossible })
    sleep(period)
  }
}

interface PolledSource extends MetricsSource {
  samples: ReturnType<typeof createFigureSamples>
  /** Polls without a figure; undefined from its first figure on. */
  silent: number | undefined
  /** Polls that are still to leave it out. */
  leaveOut: number
}

/** Combines a figure that several sources give at one poll: the sum of counters, the largest of gauges. */
function joined(metric: string, before: number | undefined, value: number): number {
  if (before === undefined) return value
  return metricDef(metric)?.kind === 'counter' ? before + value : Math.max(before, value)
}
