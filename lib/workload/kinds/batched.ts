import { holdAnswer } from '../prompts/answer.ts'
import { drawLength } from '../lengths.ts'
import { randomOf } from '../random.ts'
import { syntheticPrompt } from '../prompts/synthetic.ts'
import type { Frame, Wire, Workload, WorkloadConfig } from '../types.ts'
import { LENGTHS, TEXT } from './single.ts'

/**
 * Requests with `batchSize` texts each (a single text as a string, several as an array).
 * Text i of request n has its own index, so it is the same text whatever else is in the request.
 *
 * @param field where the texts go: `prompt` (completions) or `input` (embeddings)
 * @param frame its `build` puts one text into that field
 */
export function batchedKind(
  config: WorkloadConfig,
  name: string,
  field: 'prompt' | 'input',
  frame: Frame,
): Workload {
  const size = Math.max(1, Math.floor(config.batchSize ?? 1))
  const wire: Wire = field === 'input' ? 'embeddings' : 'completions'
  return {
    name,
    wire,
    batchSize: size,
    frames: [frame],
    request(n, context = {}) {
      const texts: string[] = []
      let inputTokens = 0
      for (let i = 0; i < size; i++) {
        const index = n * size + i
        const tokens = drawLength(config.inputTokens, randomOf(config.load.seed, index, LENGTHS))
        const random = randomOf(config.load.seed, index, TEXT)
        const { request } = syntheticPrompt(config, { frame, index, tokens }, random, context)
        texts.push(String(request[field]))
        inputTokens += tokens
      }
      const request = { [field]: size === 1 ? texts[0] : texts }
      const rest = { request, app: name, inputTokens, promptId: `${name}-${n}` }
      if (wire === 'embeddings') return { ...rest, outputTokens: undefined }
      // One `max_tokens` applies to every prompt of the array.
      const lengths = randomOf(config.load.seed, n, LENGTHS)
      drawLength(config.inputTokens, lengths)
      const each = Math.max(1, drawLength(config.outputTokens, lengths))
      holdAnswer(request, each, config, context)
      return { ...rest, outputTokens: each * size }
    },
  }
}
