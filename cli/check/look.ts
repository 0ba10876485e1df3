import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Config } from '../../lib/config/index.ts'
import type { Transport } from '../../lib/exchange/index.ts'
import { preflight } from '../../lib/preflight/index.ts'
import type { PreflightOutcome } from '../../lib/preflight/index.ts'
import { metricsSources, readMetrics } from '../../lib/probe/index.ts'
import type { Ask } from '../../lib/probe/index.ts'
import { encodeOptions, protocolNames, protocols } from '../../lib/protocols/index.ts'
import type { GenerationRequest, Protocol } from '../../lib/protocols/index.ts'
import { engineTitle } from '../../lib/server-metrics/index.ts'
import { percentile } from '../../lib/statistics/index.ts'
import { askIn } from '../ask/index.ts'
import type { Findings, FormatFinding, MetricsFinding, Stream } from './types.ts'

const TEXT = 'Tell me in a few sentences what a load test is.'
/** Enough chunks to tell whether they come one by one. */
const STREAM_TOKENS = 48
const METRICS_MS = 2_000
const TIMER_MS = 1

/** Other wire formats would find the same. */
const HOPELESS = ['cannot_connect', 'unauthorized', 'timeout', 'no_model']

/**
 * Asks a server for one short answer in each wire format, and for a longer one in the first that it speaks.
 * @param configOf the configuration for a wire format
 */
export async function look(
  transport: Transport,
  configOf: (api: string) => Config,
): Promise<Findings> {
  const formats: FormatFinding[] = []
  let stream: Stream | undefined
  const chat = configOf('chat')
  const models = await askIn(transport, chat).listModels()
  const nameless = chat.model === undefined && !models.ok
  for (const api of protocolNames) {
    const config = configOf(api)
    const ask = askIn(transport, config)
    const outcome = await tryIn(ask, config)
    formats.push({ api, ...outcome })
    if (outcome.ok) stream ??= await streamOf(ask, config, outcome.facts)
    else if (nameless || HOPELESS.includes(outcome.problem.type)) break
  }
  const { baseUrl } = chat.endpoint
  return { baseUrl, models, formats, stream, metrics: await metricsOf(transport, chat) }
}

function tryIn(ask: Ask, config: Config): Promise<PreflightOutcome> {
  const protocol = protocols[config.api] as Protocol
  const request = requestFor(protocol)
  return preflight(ask, {
    baseUrl: config.endpoint.baseUrl,
    path: protocol.encode(request, { model: '', stream: true, includeUsage: true }).path,
    model: config.model,
    hasKey: config.apiKey !== undefined,
    firstTokenTimeoutMs: config.deadlines.firstTokenMs,
    holdLength: 'auto',
    request,
  })
}

function requestFor({ streams }: Protocol): GenerationRequest {
  return streams ? { messages: [{ role: 'user', content: TEXT }] } : { input: TEXT }
}

async function streamOf(
  ask: Ask,
  config: Config,
  facts: Extract<PreflightOutcome, { ok: true }>['facts'],
): Promise<Stream | undefined> {
  const held = facts.holdsLength ? { ignoreEos: true, minTokens: STREAM_TOKENS } : {}
  const request = { ...requestFor(protocols[config.api] as Protocol), maxTokens: STREAM_TOKENS }
  const lag = monitorEventLoopDelay({ resolution: TIMER_MS })
  lag.enable()
  const result = await ask.attempt({ ...request, ...held }, encodeOptions(facts))
  lag.disable()
  const { chunkTimesMs, chunks, outputTokens: tokens, bunches, marks } = result
  if (result.outcome !== 'completed' || chunks === 0) return undefined
  const gaps = chunkTimesMs.slice(1).map((at, i) => at - (chunkTimesMs[i] as number))
  return {
    ttftMs: (marks.firstTokenMs as number) - (marks.sentMs as number),
    gapMs: gaps.length === 0 ? undefined : percentile(gaps, 0.5),
    chunks,
    tokens,
    bunches,
    // The time between timers; it has no value when not one ran.
    lagMs: Math.max(0, (lag.mean || 0) / 1e6 - TIMER_MS),
  }
}

async function metricsOf(transport: Transport, config: Config): Promise<MetricsFinding> {
  const [source] = metricsSources(config)
  if (source === undefined) return { url: '', engines: [], figures: [] }
  const { reading } = await readMetrics(transport, source.endpoint, METRICS_MS)
  return {
    url: source.endpoint.baseUrl,
    engines: reading.engines.map(engineTitle),
    figures: Object.keys(reading.values) as MetricsFinding['figures'],
  }
}
