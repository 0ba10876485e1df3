import { messagesInText } from '../datasets/messages.ts'
import { holdAnswer } from '../prompts/answer.ts'
import { uncalibrated } from '../prompts/calibration.ts'
import { corpusFor, OPENER } from '../prompts/corpus.ts'
import { CHAT_FRAME } from './chat.ts'
import { TEXT } from './single.ts'
import { hashText, mix32, randomOf } from '../random.ts'
import { overheadOf, syntheticPrompt } from '../prompts/synthetic.ts'
import { prefixText, type TraceReader } from '../../traces/index.ts'
import type { RequestContext, Workload, WorkloadConfig } from '../types.ts'

/** What is read from a trace, row by row; `traceReader` provides it. */
export type TraceRows = Pick<
  TraceReader,
  | 'rows'
  | 'inputTokens'
  | 'outputTokens'
  | 'session'
  | 'app'
  | 'prompt'
  | 'prefixIds'
  | 'blockTokens'
>

/**
 * Requests as in a trace: request n is row n (starting over when n is beyond the end).
 *
 * A row's prompt is sent as it is, a list of messages as such. Without one its text is made: from blocks where the trace has their
 * ids, so that rows that shared blocks share text and hit the prefix cache as they did there; else unique
 * from the first word on, because lengths alone do not tell what was shared.
 */
export function replay(config: WorkloadConfig, trace: TraceRows, name = 'trace'): Workload {
  if (trace.rows === 0) throw new Error('a trace without rows')
  return {
    name,
    wire: 'chat',
    frames: [CHAT_FRAME],
    request(n, context = {}) {
      const row = n % trace.rows
      const inputTokens = trace.inputTokens(row)
      const outputTokens = Math.max(1, trace.outputTokens(row))
      const prompt = trace.prompt(row)
      const ids = trace.prefixIds(row)
      const request =
        prompt !== ''
          ? { messages: messagesInText(prompt) ?? [{ role: 'user' as const, content: prompt }] }
          : ids.length > 0
            ? CHAT_FRAME.build([blocks(config, ids, trace.blockTokens, inputTokens, n, context)])
            : made(config, n, inputTokens, context)
      holdAnswer(request, outputTokens, config, context)
      const session = trace.session(row)
      return {
        request,
        app: trace.app(row) || name,
        // For a given prompt the trace only has the count of another server's tokenizer.
        inputTokens: prompt === '' ? inputTokens : undefined,
        outputTokens,
        promptId: `${name}-${n}`,
        ...(session === 0 ? {} : { session: `${name}-${session}` }),
      }
    },
  }
}

function made(config: WorkloadConfig, n: number, tokens: number, context: RequestContext) {
  const spec = { frame: CHAT_FRAME, index: n, tokens }
  const random = randomOf(config.load.seed, n, TEXT)
  return syntheticPrompt({ ...config, cache: 'cold' }, spec, random, context).request
}

/** Words for the blocks; the cost of template and fixed text is deducted from the last block. */
function blocks(
  config: WorkloadConfig,
  ids: readonly number[],
  blockTokens: number,
  inputTokens: number,
  n: number,
  context: RequestContext,
): string {
  const calibration = context.calibration ?? uncalibrated()
  const corpus = corpusFor(calibration)
  const run = hashText(`${config.load.seed}/${context.salt ?? ''}`)
  const budget = Math.max(0, inputTokens - overheadOf(CHAT_FRAME, calibration))
  // The block's number in words, then words from a position of its own.
  const text = (key: number, tokens: number) => {
    const name = corpus.spell(key, Math.floor(tokens / corpus.tokensPerWord))
    return (name.text + corpus.stretch(key % corpus.length, tokens - name.tokens).text).slice(1)
  }
  const ofBlock = (id: number, tokens: number) => text(mix32((id ^ run) >>> 0), tokens)
  // Scrambled differently, or a request's own words could equal those of a block.
  const own = (tokens: number) => text(mix32((mix32(n) ^ ~run) >>> 0), tokens)
  const words = prefixText(ids, budget, blockTokens, ofBlock, own)
  return words === '' ? OPENER : `${OPENER} ${words}`
}
