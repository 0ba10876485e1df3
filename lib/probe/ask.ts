import type { Config, EndpointConfig } from '../config/index.ts'
import {
  createBodyCollector,
  createSession,
  type ExchangeResult,
  getPage,
  joinPath,
  type Transport,
} from '../exchange/index.ts'
import { type ModelList, type Probe, readModelList } from '../preflight/index.ts'
import { protocols } from '../protocols/index.ts'
import type { EncodeOptions, GenerationRequest, Protocol } from '../protocols/index.ts'
import { engineTitle } from '../server-metrics/index.ts'
import { metricsSources, readMetrics } from './server-metrics.ts'
import { createRedactor } from '../safe-text/index.ts'

/** A router with 500 models lists them in 1 MB; parsing takes ten times the size. */
const MOST_LIST_BYTES = 4 * 2 ** 20
/** Beside answers, nothing is worth a longer wait. */
const LIST_MS = 10_000
const PAGE_MS = 2_000

export interface AskOptions {
  transport: Transport
  config: Config
  endpoint: EndpointConfig
  /** Of every request to the endpoint, the key included. */
  headers: Record<string, string>
}

export type Ask = Probe & { now: () => number }

/** Requests outside the load (preflight, calibration, checks), each on its own connection. */
export function createAsk({ transport, config, endpoint, headers }: AskOptions): Ask {
  const protocol = protocols[config.api] as Protocol
  const redact = createRedactor(headers)
  const { deadlines } = config
  let leavesOpen = false

  async function attempt(
    request: GenerationRequest,
    encode: EncodeOptions,
    withinMs = Infinity,
    collectText = false,
  ): Promise<ExchangeResult> {
    const session = createSession({
      transport,
      target: endpoint,
      basePath: endpoint.basePath,
      protocol,
      encode,
      headers,
      body: config.body,
      leavesOpen,
    })
    const result = await session.request({
      request,
      dueMs: undefined,
      startMs: transport.now(),
      deadlines: { ...deadlines, wholeMs: Math.min(deadlines.wholeMs, Math.max(1, withinMs)) },
      collectText,
    })
    session.close()
    leavesOpen ||= result.notes.includes('left_open')
    return result
  }

  /** A page as text, of which no more than so much is ever held. No redirect is followed with the key. */
  async function get(path: string, sent: Record<string, string>, withinMs: number) {
    const body = createBodyCollector(MOST_LIST_BYTES)
    const page = await getPage(transport, {
      target: endpoint,
      path,
      headers: sent,
      withinMs,
      maxBytes: MOST_LIST_BYTES,
      onBody: body.add,
    })
    return { page, body: body.text() }
  }

  async function engine(): Promise<string | undefined> {
    const [source] = metricsSources(config)
    if (source === undefined) return undefined
    const { reading } = await readMetrics(transport, source.endpoint, PAGE_MS)
    const [name] = reading.engines
    return name === undefined ? undefined : engineTitle(name)
  }

  async function listModels(): Promise<ModelList> {
    const path = joinPath(endpoint.basePath, '/models', false)
    const { page, body } = await get(path, headers, LIST_MS)
    return readModelList(page, body, redact)
  }

  return {
    now: transport.now,
    attempt,
    listModels,
    engine,
    async page(path) {
      const { page, body } = await get(joinPath(endpoint.basePath, path, true), {}, PAGE_MS)
      return page.ok && page.status < 300 ? body : undefined
    },
  }
}
