import type { GenerationRequest } from '../../protocols/index.ts'
import type { RequestContext, WorkloadConfig } from '../types.ts'

/**
 * Asks for an answer of a given length.
 *
 * `max_tokens` alone bounds it from above. `min_tokens` and `ignore_eos` hold it: `auto` sends both
 * where the preflight found that the server accepts them, `on` sends `ignore_eos` in any case, `off`
 * sends neither, so that answers end by themselves as in production.
 *
 * @param tokens wanted length, tokens; values below 1 count as 1
 */
export function holdAnswer(
  request: GenerationRequest,
  tokens: number,
  config: WorkloadConfig,
  context: RequestContext,
): GenerationRequest {
  const wanted = Math.max(1, tokens)
  const mode = config.ignoreEos ?? 'auto'
  request.maxTokens = wanted
  if (config.temperature !== undefined) request.temperature = config.temperature
  if (mode === 'off') return request
  if (mode === 'on' || context.controls?.ignoreEos) request.ignoreEos = true
  if (context.controls?.minTokens) request.minTokens = wanted
  return request
}
