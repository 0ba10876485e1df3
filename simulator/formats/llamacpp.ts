import { optionalFlag } from '../body.ts'
import { readLengths, readPrompt } from './native.ts'
import type { Billed, FinishReason, WireFormat } from './types.ts'

/** llama.cpp's /completion: the counts on every event, the last one with `stop`. */
export const llamacpp: WireFormat = {
  name: 'llamacpp',
  framing: 'sse',
  paths: [{ path: /^\/completion$/ }],
  countsAlways: true,
  reasons: false,
  read(body) {
    const fields = { max: 'n_predict', min: 'min_tokens' }
    const lengths = readLengths(body, fields, optionalFlag(body, 'stream'))
    return { ...lengths, ...readPrompt(body, 'prompt') }
  },
  createWriter: () => ({
    finishOnLast: false,
    usageRides: false,
    open: () => [],
    piece: (_choice, { text, index }, usage) => [
      {
        data: `{"index":0,"content":${JSON.stringify(text)},"tokens":[${1000 + index}],"stop":false,"id_slot":0${counts(usage)}}`,
      },
    ],
    finish: () => [],
    close: () => [],
    done: (reason, usage) => [
      { data: `{"index":0,"content":"","tokens":[],"stop":true${end(reason, usage)}}` },
    ],
  }),
  whole(_head, choices, usage) {
    const [choice] = choices
    const text = JSON.stringify(`${choice?.reasoning ?? ''}${choice?.content ?? ''}`)
    return `{"index":0,"content":${text},"tokens":[],"stop":true${end(choice?.reason ?? 'stop', usage)}}`
  },
  doneLine: undefined,
  errorBody: ({ status, message, type }) =>
    JSON.stringify({ error: { code: status, message, type } }),
  errorEvent: (message) => ({
    data: JSON.stringify({ error: { code: 500, message, type: 'server_error' } }),
  }),
}

function counts(usage: Billed | undefined): string {
  return usage === undefined
    ? ''
    : `,"tokens_predicted":${usage.completion},"tokens_evaluated":${usage.prompt}`
}

function end(reason: FinishReason, usage: Billed | undefined): string {
  const cache = usage?.cached === undefined ? '' : `,"timings":{"cache_n":${usage.cached}}`
  return `,"stop_type":"${reason === 'length' ? 'limit' : 'eos'}","truncated":false${counts(usage)}${cache}`
}
