import { count, isObject, object, text } from './effects.ts'
import type { ReadFrame } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText } from './openai-common.ts'
import type { Protocol, Usage } from './types.ts'

/** SGLang's own /generate (sgl-project/sglang, bench_serving.py): texts and counts are cumulative. */
export const sglang: Protocol = {
  name: 'sglang',
  framing: 'sse',
  native: true,
  streams: true,
  terminator: 'data: [DONE]',
  encode(request, options) {
    const body = {
      text: promptText(request),
      sampling_params: {
        max_new_tokens: request.maxTokens,
        min_new_tokens: request.minTokens,
        ignore_eos: request.ignoreEos,
        temperature: request.temperature,
      },
      stream: options.stream,
      ...request.extra,
    }
    return {
      method: 'POST',
      path: '/generate',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream({ framing: 'sse', createReader, textKeys: [] }, sink, options)
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    return {
      error: readError(answer),
      usage: usageOf(answer['meta_info']),
      finishReason: finishOf(answer['meta_info']),
      text: text(answer['text']),
    }
  },
}

/** `--incremental-streaming-output` makes texts deltas: recognised by the first that repeats nothing. */
function createReader(): ReadFrame {
  let before = ''
  let deltas = false
  return (frame, _event, effects) => {
    effects.error = readError(frame)
    const value = frame['text']
    if (typeof value === 'string') {
      deltas ||= !value.startsWith(before)
      effects.answer = deltas ? value : value.slice(before.length)
      before = deltas ? '' : value
      effects.blank = effects.answer === ''
    } else effects.unknown = effects.error === undefined
    effects.usage = usageOf(frame['meta_info'])
    effects.cumulative = effects.usage?.output
    effects.finishReason = finishOf(frame['meta_info'])
  }
}

function usageOf(meta: unknown): Usage | undefined {
  if (!isObject(meta)) return undefined
  return {
    input: count(meta['prompt_tokens']),
    output: count(meta['completion_tokens']),
    cached: count(meta['cached_tokens']),
    reasoning: count(meta['reasoning_tokens']),
  }
}

function finishOf(meta: unknown): string | undefined {
  const reason = object(meta)['finish_reason']
  return text(reason) || text(object(reason)['type']) || undefined
}
