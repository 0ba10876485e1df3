import { badField } from './api-error.ts'
import { isObject } from './body.ts'
import type { TemplateMessage } from './tokenizer.ts'

/** A message's content: a text, or an array of parts whose texts are joined. */
export function contentText(content: unknown, at: string): string {
  if (typeof content === 'string') return content
  if (content === undefined || content === null) return ''
  if (!Array.isArray(content)) throw badField(at, `${at} must be a text or an array of parts`)
  return content
    .map((part: unknown, i) => {
      if (!isObject(part) || typeof part['type'] !== 'string')
        throw badField(at, `${at}[${i}] must be an object with a type`)
      return typeof part['text'] === 'string' ? part['text'] : ''
    })
    .join('\n')
}

/** @throws ApiError 400 that names the message */
export function readMessages(messages: unknown, field = 'messages'): TemplateMessage[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw badField(field, `${field} must be an array with at least one message`)
  return messages.map((message: unknown, i) => {
    if (!isObject(message) || typeof message['role'] !== 'string')
      throw badField(`${field}[${i}]`, `${field}[${i}] must be an object with a role`)
    const text = contentText(message['content'], `${field}[${i}].content`)
    const calls = message['tool_calls']
    return { role: message['role'], text: calls ? `${text} ${JSON.stringify(calls)}` : text }
  })
}

/**
 * The texts (or rows of token ids) in `prompt` or `input`: one, or an array of them.
 *
 * @throws ApiError 400
 */
export function readPlain(value: unknown, name: string): (string | readonly number[])[] {
  if (typeof value === 'string' || isIds(value)) return [value]
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one: unknown, i) => {
      if (typeof one === 'string' || isIds(one)) return one
      throw badField(name, `${name}[${i}] must be a text or an array of token ids`)
    })
  }
  throw badField(name, `${name} must be a text, an array of texts, or token ids`)
}

function isIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'number')
}
