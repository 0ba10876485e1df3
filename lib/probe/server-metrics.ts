import { type Config, type EndpointConfig, readEndpoint } from '../config/index.ts'
import { getPage, type Page, type PageRequest, type Transport } from '../exchange/index.ts'
import type { ReadingResult, ReadingSource } from '../metrics/index.ts'
import { createMetricsReader } from '../server-metrics/index.ts'
import type { ServerReading } from '../server-metrics/index.ts'

/** vLLM exposes some 100 kB; some other page may have any size. */
const MOST_BYTES = 8 * 2 ** 20

/** An address of metrics, with the variable that names it. */
export interface MetricsSource {
  name: ReadingSource
  endpoint: EndpointConfig
}

/** Without METRICS_URL, the path that all but two engines use. */
export function metricsSources({ endpoint, values }: Config): MetricsSource[] {
  const own = /^https?:\/\/[^/]+/.exec(endpoint.baseUrl)?.[0]
  const { METRICS_URL: given, GPU_METRICS_URL: gpus } = values
  return [
    ...(given ?? [`${own}/metrics`]).map((url) => sourceOf(given ? 'METRICS_URL' : 'default', url)),
    ...gpus.map((url) => sourceOf('GPU_METRICS_URL', url)),
  ]
}

/** @param url one that the configuration has read before */
function sourceOf(name: ReadingSource, url: string): MetricsSource {
  const read = readEndpoint(url)
  if (!read.ok) throw new Error(`${url}: ${read.message}`)
  return { name, endpoint: read.value }
}

/** The page is read as it arrives, so that no server fills the memory with it. No key is sent there. */
export async function readMetrics(
  transport: Transport,
  endpoint: EndpointConfig,
  withinMs: number,
): Promise<{ result: ReadingResult; reading: ServerReading }> {
  const reader = createMetricsReader()
  const page = await follow(transport, endpoint, {
    headers: {},
    withinMs,
    maxBytes: MOST_BYTES,
    onBody: reader.feed,
  })
  const reading = reader.end()
  return { result: resultOf(page, reading), reading }
}

function resultOf(page: Page, { values, impossible, tooMany }: ServerReading): ReadingResult {
  if (!page.ok) return page.reason === 'too_large' ? 'too_long' : 'no_answer'
  if (page.status < 200 || page.status > 299) return 'http_error'
  if (tooMany) return 'too_many_series'
  return Object.keys(values).length + impossible.length > 0 ? 'figures' : 'no_figures'
}

/** A page that moved twice is on its way to another server, or to nowhere. */
const MOST_HOPS = 2

/**
 * Gets a page and follows redirects on the same server: frameworks send `/metrics` to `/metrics/`.
 * @param endpoint the page's address; others than this origin are never asked
 */
async function follow(
  transport: Transport,
  endpoint: EndpointConfig,
  request: Omit<PageRequest, 'target' | 'path'>,
): Promise<Page> {
  let path = endpoint.basePath || '/'
  for (let hops = 0; ; hops++) {
    const page = await getPage(transport, { ...request, target: endpoint, path })
    const moved = page.ok && page.status >= 300 && page.status < 400 && hops < MOST_HOPS
    const next = moved ? pathOf(page.headers['location'], endpoint.baseUrl) : undefined
    if (next === undefined) return page
    path = next
  }
}

/** The path of a location on the same origin; undefined for another one. */
function pathOf(location: string | undefined, baseUrl: string): string | undefined {
  const origin = /^https?:\/\/[^/]+/i.exec(baseUrl)?.[0] ?? ''
  const path = location?.toLowerCase().startsWith(`${origin.toLowerCase()}/`)
    ? location.slice(origin.length)
    : location
  return path !== undefined && /^\/(?!\/)[\x21-\x7e]*$/.test(path) ? path : undefined
}
