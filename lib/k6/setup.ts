import exec from 'k6/execution'
import http from 'k6/http'
import { createSession } from '../exchange/index.ts'
import { type ModelList, preflight, type ServerFacts } from '../preflight/index.ts'
import { protocols } from '../protocols/index.ts'
import type { Protocol } from '../protocols/index.ts'
import { createHeaders } from './headers.ts'
import type { AddSample } from './metrics.ts'
import { recordRun } from './records.ts'
import { createTransport } from './transport.ts'
import type { PreparedTest, RunData } from './types.ts'

/** k6's `setup`: one streamed request tells what the server can do, or why no load is sent. */
export function createSetup(
  test: PreparedTest,
  add: AddSample,
): () => Promise<RunData | undefined> {
  const { config, workload } = test
  const { endpoint } = config
  const protocol = protocols[config.api] as Protocol
  const headers = createHeaders(config)

  return async function setup() {
    const transport = createTransport()
    const sent = await headers()
    const outcome = await preflight(
      {
        listModels: async () => listModels(endpoint.baseUrl, sent),
        async attempt(request, encode) {
          const session = createSession({
            transport,
            target: endpoint,
            basePath: endpoint.basePath,
            protocol,
            encode,
            headers: sent,
          })
          const startMs = transport.now()
          const { deadlines } = config
          const result = await session.request({
            request,
            dueMs: undefined,
            startMs,
            deadlines,
            collectText: false,
          })
          session.close()
          return result
        },
      },
      {
        baseUrl: endpoint.baseUrl,
        path: protocol.encode(workload.request(0).request, ENCODE).path,
        model: config.model,
        hasKey: config.apiKey !== undefined,
        firstTokenTimeoutMs: config.deadlines.firstTokenMs,
        holdLength: config.ignoreEos,
        request: workload.request(0).request,
      },
    )
    if (outcome.ok) {
      for (const warning of outcome.facts.warnings) console.warn(warning)
      const startedAt = new Date()
      const data: RunData = {
        // k6 hands on what is undefined as null; JSON leaves it out.
        facts: JSON.parse(JSON.stringify(outcome.facts)) as ServerFacts,
        salt: String(startedAt.getTime()),
        startedAt: startedAt.toISOString(),
        loadStartMs: transport.now(),
      }
      recordRun(test, data)
      return data
    }
    add('llm_preflight_failed', 1, { problem: outcome.problem.type })
    exec.test.abort(`${outcome.problem.message}; no load was sent`)
    return undefined
  }
}

const ENCODE = { model: '', stream: true, includeUsage: true }

function listModels(baseUrl: string, headers: Record<string, string>): ModelList {
  const response = http.get(`${baseUrl}/models`, {
    headers,
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
