import type { ExchangeResult } from '../exchange/index.ts'
import { encodeOptions } from '../protocols/index.ts'
import type { GenerationRequest } from '../protocols/index.ts'
import { createAgain } from './again.ts'
import { type Asked, diagnose } from './diagnose.ts'
import { nameOf } from './identify.ts'
import { pickModel } from './models.ts'
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
 * what the server can do. An answer that fails in a way that the next one may not is asked for three times. Extensions that a strict server rejects (HTTP 400 or 422) are left out one
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
    const picked = pickModel(models, options)
    if ('problem' in picked) return { ok: false, problem: picked.problem }
    model = picked.model
  }

  const asked: Asked = { ...options, model, named: options.model !== undefined }
  const again = createAgain()
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

  const failures = again.warning()
  const warnings = failures === undefined ? [] : [failures]
  const reportsUsage = result.usage?.output !== undefined
  // An answer that is not streamed (embeddings) has no output tokens to count.
  if (!reportsUsage && result.chunks > 0) {
    warnings.push(
      'the server reports no usage: output tokens are counted by content chunks, an estimate that is wrong where a chunk holds several tokens',
    )
  }
  const header = result.headers['server'] ?? result.headers['via']
  return {
    ok: true,
    facts: factsOf(result, model, {
      server: await nameOf(header, models, probe),
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
    const encode = { model: model ?? '', includeUsage, maxCompletionTokens, continuousUsage }
    return again.ask(() => probe.attempt(request, encodeOptions(encode)))
  }
}

function factsOf(
  result: ExchangeResult,
  model: string,
  found: Omit<ServerFacts, 'model' | 'reportsCachedTokens' | 'probeTtftMs'>,
): ServerFacts {
  const { sentMs, firstTokenMs } = result.marks
  return {
    model,
    ...found,
    leavesOpen: result.notes.includes('left_open') || undefined,
    reportsCachedTokens: result.usage?.cached !== undefined,
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
