import type { ExchangeResult } from '../exchange/index.ts'
import { encodeOptions } from '../protocols/index.ts'
import type { GenerationRequest } from '../protocols/index.ts'
import { type Asked, diagnose } from './diagnose.ts'
import type { ModelList, PreflightOutcome, Probe, ServerFacts } from './types.ts'

/** Enough tokens to see a stream, few enough to cost nothing. */
const PROBE_TOKENS = 16

export interface PreflightOptions {
  baseUrl: string
  path: string
  model: string | undefined
  hasKey: boolean
  firstTokenTimeoutMs: number
  /** Whether to ask for `ignore_eos` and `min_tokens`: `auto` tries them and goes on without if refused. */
  holdLength: 'auto' | 'on' | 'off'
  /** The request to try; its length is set here. */
  request: GenerationRequest
}

/**
 * Asks the server for one streamed answer before any load, and says in one sentence what is wrong, or
 * what the server can do. Extensions that a strict server rejects (HTTP 400 or 422) are left out one
 * after the other: first the length controls, then `stream_options`. Where the answer's chunks do not
 * show its tokens, the server is asked whether it gives the number of tokens per chunk.
 * @param probe sends requests outside the load
 * @returns the server's facts with warnings, or the problem; a failing server causes no rejection
 */
export async function preflight(
  probe: Probe,
  options: PreflightOptions,
): Promise<PreflightOutcome> {
  let models: ModelList | undefined
  let model = options.model
  if (model === undefined) {
    models = await probe.listModels()
    model = models.ok ? models.models[0] : undefined
    if (model === undefined) return { ok: false, problem: noModel(options, models) }
  }

  const asked: Asked = { ...options, model }
  const warnings: string[] = []
  let holdsLength = options.holdLength !== 'off'
  let includeUsage = true
  let maxCompletionTokens = false
  let continuousUsage = false
  let result = await attempt()
  if (rejected(result) && /max_completion_tokens/.test(result.message ?? '')) {
    maxCompletionTokens = true
    result = await attempt()
  }
  if (rejected(result) && options.holdLength === 'auto') {
    holdsLength = false
    result = await attempt()
  }
  if (rejected(result)) {
    includeUsage = false
    result = await attempt()
    // Neither was the cause: report what the server said about the request as it was meant.
    if (rejected(result)) includeUsage = true
  }

  if (result.outcome !== 'completed' && models === undefined) models = await probe.listModels()
  const problem = diagnose(result, asked, models)
  if (problem) return { ok: false, problem }

  if (billsMoreThanChunks(result)) {
    continuousUsage = true
    const exact = await attempt()
    continuousUsage = exact.outcome === 'completed' && exact.chunkTokens !== undefined
    if (continuousUsage) result = exact
  }

  const reportsUsage = result.usage?.output !== undefined
  // An answer that is not streamed (embeddings) has no output tokens to count.
  if (!reportsUsage && result.chunks > 0) {
    warnings.push(
      'the server reports no usage: output tokens are counted by content chunks, an estimate that is wrong where a chunk holds several tokens',
    )
  }
  return {
    ok: true,
    facts: factsOf(result, model, {
      includeUsage,
      holdsLength,
      reportsUsage,
      warnings,
      maxCompletionTokens: maxCompletionTokens || undefined,
      continuousUsage: continuousUsage || undefined,
    }),
  }

  function attempt(): Promise<ExchangeResult> {
    const request: GenerationRequest = { ...options.request, maxTokens: PROBE_TOKENS }
    if (holdsLength) {
      request.ignoreEos = true
      request.minTokens = PROBE_TOKENS
    }
    return probe.attempt(
      request,
      encodeOptions({ model: model ?? '', includeUsage, maxCompletionTokens, continuousUsage }),
    )
  }
}

function factsOf(
  result: ExchangeResult,
  model: string,
  found: Omit<ServerFacts, 'model' | 'reportsCachedTokens' | 'server' | 'probeTtftMs'>,
): ServerFacts {
  const { sentMs, firstTokenMs } = result.marks
  return {
    model,
    ...found,
    reportsCachedTokens: result.usage?.cached !== undefined,
    server: result.headers['server'] ?? result.headers['via'],
    probeTtftMs:
      sentMs === undefined || firstTokenMs === undefined ? undefined : firstTokenMs - sentMs,
  }
}

/**
 * Whether chunks hold several tokens, or tokens come without a chunk. The count per chunk is then worth
 * its cost (three times a plain chunk). One token more than chunks is the end token.
 */
function billsMoreThanChunks({ tokenSource, outputTokens, chunks }: ExchangeResult): boolean {
  return tokenSource === 'usage' && chunks > 0 && outputTokens > chunks + 1
}

function rejected(result: ExchangeResult): boolean {
  return result.httpStatus === 400 || result.httpStatus === 422
}

function noModel(options: PreflightOptions, models: ModelList) {
  if (!models.ok && models.status === 0) {
    return {
      type: 'cannot_connect' as const,
      message: `cannot connect to ${options.baseUrl}; is the server running, and is BASE_URL right?`,
    }
  }
  if (!models.ok && (models.status === 401 || models.status === 403)) {
    const key = options.hasKey
      ? 'the API_KEY given was refused'
      : 'the server requires an API key: set API_KEY'
    return {
      type: 'unauthorized' as const,
      message: `${options.baseUrl}/models answered HTTP ${models.status}: ${key}`,
    }
  }
  const why = models.ok
    ? 'lists no model'
    : `answered HTTP ${models.status}${redirected(models.status)}`
  return {
    type: 'no_model' as const,
    message: `MODEL is not set and ${options.baseUrl}/models ${why}; set MODEL (and check that BASE_URL ends with /v1)`,
  }
}

function redirected(status: number): string {
  return status >= 300 && status < 400
    ? ', a redirect, which is not followed: it could take the key to another host'
    : ''
}
