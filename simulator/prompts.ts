import { badField } from './api-error.ts'
import { isObject } from './body.ts'
import type { Json } from './body.ts'
import type { SimulatorOptions } from './options.ts'
import { chatTemplates, renderChat, tokenizers } from './tokenizer.ts'
import type { TemplateMessage } from './tokenizer.ts'

const contentText = (content: unknown, at: string): string => {
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

const readMessages = (body: Json): TemplateMessage[] => {
  const messages = body['messages']
  if (!Array.isArray(messages) || messages.length === 0)
    throw badField('messages', 'messages must be an array with at least one message')
  return messages.map((message: unknown, i) => {
    if (!isObject(message) || typeof message['role'] !== 'string')
      throw badField(`messages[${i}]`, `messages[${i}] must be an object with a role`)
    const text = contentText(message['content'], `messages[${i}].content`)
    const calls = message['tool_calls']
    return { role: message['role'], text: calls ? `${text} ${JSON.stringify(calls)}` : text }
  })
}

const isIds = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'number')

/** Token ids of a chat request's prompt, template and tool definitions included. */
export const chatPrompt = (body: Json, options: SimulatorOptions): number[] => {
  const template =
    typeof options.template === 'string' ? chatTemplates[options.template] : options.template
  const tokenize = tokenizers[options.tokenizer]
  const ids = renderChat(readMessages(body), template, tokenize)
  const tools = body['tools']
  return Array.isArray(tools) && tools.length > 0
    ? [...tokenize(JSON.stringify(tools)), ...ids]
    : ids
}

/** Token ids of each text (or token row) in `prompt` or `input`: one, or an array of them. */
export const plainPrompts = (
  value: unknown,
  name: string,
  options: SimulatorOptions,
): number[][] => {
  const tokenize = tokenizers[options.tokenizer]
  if (typeof value === 'string') return [tokenize(value)]
  if (isIds(value)) return [value]
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one: unknown, i) => {
      if (typeof one === 'string') return tokenize(one)
      if (isIds(one)) return one
      throw badField(name, `${name}[${i}] must be a text or an array of token ids`)
    })
  }
  throw badField(name, `${name} must be a text, an array of texts, or token ids`)
}
