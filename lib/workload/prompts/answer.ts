import type { GenerationRequest } from '../../protocols/index.ts'
import type { RequestContext, WorkloadConfig } from '../types.ts'

/**
 * Asks for an answer of a length.
 *
 * `max_tokens` alone bounds it from above. `min_tokens` and `ignore_eos` hold it: `auto` sends both
 * where the preflight found the server to take them, `on` sends `ignore_eos` without asking, `off`
 * neither, so that answers end by themselves as in production.
 *
 * @param tokens wanted length, tokens; at least 1 is asked for
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
