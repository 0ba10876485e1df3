import { count, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText } from './openai-common.ts'
import type { Protocol, Usage } from './types.ts'

/** llama.cpp's own /completion (ggml-org/llama.cpp, tools/server/README.md). */
export const llamacpp: Protocol = {
  name: 'llamacpp',
  framing: 'sse',
  native: true,
  streams: true,
  terminator: 'an event with "stop":true',
  encode(request, options) {
    const body = {
      prompt: promptText(request),
      n_predict: request.maxTokens,
      ignore_eos: request.ignoreEos,
      temperature: request.temperature,
      stream: options.stream,
      ...request.extra,
    }
    return {
      method: 'POST',
      path: '/completion',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream(
      { framing: 'sse', createReader: () => read, textKeys: ['content'] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    return {
      error: readError(answer),
      usage: usageOf(answer),
      finishReason: finishOf(answer),
      text: text(answer['content']),
    }
  },
}

/** Events of `return_progress` have an empty content and are not tokens. */
function read(frame: Json, _event: string, effects: Effects): void {
  effects.error = readError(frame)
  effects.answer = text(frame['content'])
  effects.blank = frame['content'] === '' && !('prompt_progress' in frame)
  effects.unknown = effects.error === undefined && !('content' in frame)
  const usage = usageOf(frame)
  if (usage.output !== undefined) {
    effects.usage = usage
    effects.cumulative = usage.output
  }
  if (frame['stop'] !== true) return
  effects.done = true
  effects.finishReason = finishOf(frame)
}

/** `tokens_cached` is what the cache holds at the end, not what was found there; timings give that. */
function usageOf(frame: Json): Usage {
  const timings = object(frame['timings'])
  return {
    input: count(frame['tokens_evaluated']),
    output: count(frame['tokens_predicted']),
    cached: count(timings['cache_n']),
    reasoning: undefined,
  }
}

function finishOf(frame: Json): string | undefined {
  const type = text(frame['stop_type'])
  return type === 'limit' ? 'length' : type === '' || type === 'none' ? undefined : 'stop'
}
