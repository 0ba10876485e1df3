import { holdAnswer } from '../prompts/answer.ts'
import { drawLength } from '../lengths.ts'
import { randomOf } from '../random.ts'
import { syntheticPrompt } from '../prompts/synthetic.ts'
import type { Frame, Workload, WorkloadConfig, WorkloadRequest } from '../types.ts'

/** Random streams of one request: its lengths do not change when a kind draws more for its text. */
export const LENGTHS = 1
export const TEXT = 2

/**
 * A workload of independent synthetic chat prompts: draws both lengths, makes the prompt, and asks for
 * the answer's length. Kinds differ in the frame, in what they add to the request, and in what is known of
 * the right answer.
 */
export function singleKind(
  config: WorkloadConfig,
  name: string,
  frame: Frame,
  add: Partial<WorkloadRequest['request']> = {},
  task?: WorkloadRequest['task'],
): Workload {
  return {
    name,
    wire: 'chat',
    frames: [frame],
    request(n, context = {}) {
      const lengths = randomOf(config.load.seed, n, LENGTHS)
      const inputTokens = drawLength(config.inputTokens, lengths)
      const outputTokens = Math.max(1, drawLength(config.outputTokens, lengths))
      const random = randomOf(config.load.seed, n, TEXT)
      const spec = { frame, index: n, tokens: inputTokens }
      const { request } = syntheticPrompt(config, spec, random, context)
      holdAnswer(Object.assign(request, add), outputTokens, config, context)
      const wanted = { request, app: name, inputTokens, outputTokens, promptId: `${name}-${n}` }
      return task === undefined ? wanted : { ...wanted, task }
    },
  }
}
