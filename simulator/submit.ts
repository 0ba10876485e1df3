import { partText } from './answer.ts'
import type { BlockKey } from './engine/index.ts'
import type { Incoming, ServingContext } from './incoming.ts'
import type { SimulatorOptions } from './options.ts'
import type { PlannedChoice } from './plan.ts'
import { blockKeys, tokenizers } from './tokenizer.ts'

/** Hears what the engine does for one request. Times in ms on the driver's clock. */
export interface Heard {
  onScheduled(atMs: number, cachedTokens: number): void
  onToken(choice: PlannedChoice, index: number, atMs: number): void
  onPreempted(): void
}

export function engineId({ sequence }: Incoming, choice: PlannedChoice): string {
  return `${sequence}:${choice.index}`
}

/** Gives one answer of a request to the engine, and the server's metrics what becomes of it. */
export function submit(
  context: ServingContext,
  incoming: Incoming,
  choice: PlannedChoice,
  heard: Heard,
  atMs: number,
): void {
  const { driver, metrics, options } = context
  const { arrivalMs } = incoming
  const promptTokens = choice.promptIds.length
  const { outputTokens } = choice
  let scheduledMs = 0
  let firstTokenMs = 0
  let lastMs = 0
  metrics.promptTokens(promptTokens)
  driver.submit(
    {
      id: engineId(incoming, choice),
      promptTokens,
      outputTokens,
      blockKeys: keysOf(choice, options),
    },
    {
      onScheduled(tokenMs, cached) {
        scheduledMs = tokenMs
        heard.onScheduled(tokenMs, cached)
      },
      onToken(index, tokenMs) {
        const first = index === 0
        metrics.token(first ? undefined : tokenMs - lastMs, first ? tokenMs - arrivalMs : undefined)
        if (first) firstTokenMs = tokenMs
        lastMs = tokenMs
        if (index === outputTokens - 1) {
          const { finishReason } = choice
          const times = { arrivalMs, scheduledMs, firstTokenMs, lastTokenMs: tokenMs }
          metrics.finished({ ...times, promptTokens, outputTokens, finishReason })
        }
        heard.onToken(choice, index, tokenMs)
      },
      onPreempted: heard.onPreempted,
    },
    atMs,
  )
}

function keysOf(choice: PlannedChoice, options: SimulatorOptions): BlockKey[] {
  if (options.preset === 'fixed' || !options.engine.prefixCaching) return []
  // What is generated is cached too, and found by the conversation's next turn - but not after
  // reasoning, which templates leave out of the history.
  const answer =
    choice.reasoningTokens > 0 || choice.tool !== undefined
      ? []
      : tokenizers[options.tokenizer](partText(choice, 'content', false))
  return blockKeys([...choice.promptIds, ...answer], options.engine.blockSize)
}
