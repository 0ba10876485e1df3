import http from 'k6/http'
import type { EndpointConfig } from '../config/index.ts'
import { createSession, type ExchangeResult } from '../exchange/index.ts'
import type { ModelList, Probe } from '../preflight/index.ts'
import { protocols } from '../protocols/index.ts'
import type { EncodeOptions, GenerationRequest, Protocol } from '../protocols/index.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest } from './types.ts'

/** Requests outside the load (preflight and calibration), each on its own connection. */
export function createAsk(
  { config }: Pick<PreparedTest, 'config'>,
  endpoint: EndpointConfig,
  headers: Record<string, string>,
): Probe & { now: () => number } {
  const transport = createTransport()
  const protocol = protocols[config.api] as Protocol

  async function attempt(
    request: GenerationRequest,
    encode: EncodeOptions,
  ): Promise<ExchangeResult> {
    const session = createSession({
      transport,
      target: endpoint,
      basePath: endpoint.basePath,
      protocol,
      encode,
      headers,
      body: config.body,
    })
    const result = await session.request({
      request,
      dueMs: undefined,
      startMs: transport.now(),
      deadlines: config.deadlines,
      collectText: false,
    })
    session.close()
    return result
  }

  return {
    now: transport.now,
    attempt,
    listModels: async () => listModels(endpoint.baseUrl, headers),
  }
}

function listModels(baseUrl: string, headers: Record<string, string>): ModelList {
  const response = http.get(`${baseUrl}/models`, {
    headers,
    // A redirect could take the key and all other headers to another host, or from https to http.
    redirects: 0,
    timeout: '10s',
    tags: { name: 'models' },
  })
  if (response.status !== 200) return { ok: false, status: response.status }
  try {
    const { data } = response.json() as { data?: { id?: unknown }[] }
    return { ok: true, models: (data ?? []).map(({ id }) => String(id)) }
  } catch {
    return { ok: false, status: response.status }
  }
}
