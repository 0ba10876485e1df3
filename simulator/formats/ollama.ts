import { isObject } from '../body.ts'
import { readMessages } from '../messages.ts'
import { plainError, readLengths, readPrompt } from './native.ts'
import type { AnswerHead, Billed, FinishReason, Piece, WireFormat } from './types.ts'

const fields = { max: 'num_predict', min: 'min_tokens' }

/** Ollama's chat: a JSON object per line, the last one with `done` and the counts. */
export const ollamaChat: WireFormat = {
  name: 'ollama-chat',
  framing: 'ndjson',
  paths: [{ path: /^\/api\/chat$/ }],
  countsAlways: false,
  reasons: true,
  read(body) {
    const options = isObject(body['options']) ? body['options'] : {}
    const tools = Array.isArray(body['tools']) ? body['tools'] : []
    return {
      // Ollama streams unless it is told not to.
      ...readLengths(options, fields, body['stream'] !== false),
      prompts: [{ messages: readMessages(body['messages']), tools }],
      promptField: 'messages',
    }
  },
  createWriter: (head) => createWriter(head, chatMessage),
  whole: (head, [choice], usage) =>
    line(
      head,
      `"message":{"role":"assistant","content":${JSON.stringify(choice?.content)},"thinking":${JSON.stringify(choice?.reasoning)}}`,
      end(choice?.reason ?? 'stop', usage),
    ),
  doneLine: undefined,
  errorBody: plainError,
  errorEvent: (message) => ({ data: plainError({ message }) }),
}

/** Ollama's completion: the text comes as `response`. */
export const ollamaGenerate: WireFormat = {
  ...ollamaChat,
  name: 'ollama-generate',
  paths: [{ path: /^\/api\/generate$/ }],
  read(body) {
    const options = isObject(body['options']) ? body['options'] : {}
    return {
      ...readLengths(options, fields, body['stream'] !== false),
      ...readPrompt(body, 'prompt'),
    }
  },
  createWriter: (head) => createWriter(head, generateResponse),
  whole: (head, [choice], usage) =>
    line(
      head,
      `"response":${JSON.stringify(choice?.content)},"thinking":${JSON.stringify(choice?.reasoning)}`,
      end(choice?.reason ?? 'stop', usage),
    ),
}

type WriteText = (part: Piece['part'], text: string) => string

function chatMessage(part: Piece['part'], text: string): string {
  return part === 'reasoning'
    ? `"message":{"role":"assistant","content":"","thinking":${text}}`
    : `"message":{"role":"assistant","content":${text}}`
}

function generateResponse(part: Piece['part'], text: string): string {
  return part === 'reasoning' ? `"response":"","thinking":${text}` : `"response":${text}`
}

function createWriter(head: AnswerHead, write: WriteText) {
  return {
    finishOnLast: false,
    usageRides: false,
    open: () => [],
    piece: (_choice: unknown, { part, text }: Piece) => [
      { data: line(head, write(part, JSON.stringify(text)), '"done":false') },
    ],
    finish: () => [],
    close: () => [],
    done: (reason: FinishReason, usage: Billed | undefined) => [
      { data: line(head, write('content', '""'), end(reason, usage)) },
    ],
  }
}

function line({ model, created }: AnswerHead, text: string, rest: string): string {
  const at = new Date(created * 1000).toISOString()
  return `{"model":${JSON.stringify(model)},"created_at":"${at}",${text},${rest}}`
}

function end(reason: FinishReason, usage: Billed | undefined): string {
  const counts =
    usage === undefined
      ? ''
      : `,"prompt_eval_count":${usage.prompt},"eval_count":${usage.completion}`
  return `"done":true,"done_reason":"${reason}"${counts}`
}
