import { utf8Length } from '../../lib/http/index.ts'

export const okHead =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

/** One HTTP chunk. */
export const chunk = (body: string) => `${utf8Length(body).toString(16)}\r\n${body}\r\n`

export const lastChunk = '0\r\n\r\n'

export const sse = (frame: unknown) =>
  `data: ${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`

const chatHead = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' }

export const chatFrame = (delta: object, finish: string | null = null) => ({
  ...chatHead,
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
})

export const roleChunk = chunk(sse(chatFrame({ role: 'assistant', content: '' })))
export const tokenChunk = (text = ' word') => chunk(sse(chatFrame({ content: text })))
export const finishChunk = chunk(sse(chatFrame({}, 'stop')))
export const usageChunk = (output: number, more: object = {}) =>
  chunk(
    sse({
      ...chatHead,
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: output, ...more },
    }),
  )
export const doneChunk = chunk(sse('[DONE]'))

/** A whole answer to anything but a stream. */
export const plain = (status: string, body: string, headers = '') =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${utf8Length(body)}\r\n\r\n${body}`
