import type { ChatMessage } from '../../protocols/index.ts'

/** Roles by the names that data sets give them; a developer's message is a system message. */
const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  chatgpt: 'assistant',
  tool: 'tool',
  observation: 'tool',
}

/** A prompt, and the answer that stood behind it in the data. */
export interface Dialogue {
  messages: ChatMessage[]
  answer: string | undefined
}

/**
 * Reads messages in OpenAI's form, or ShareGPT's (`from`, `value`). What a server is to answer is
 * sent: an assistant's message at the end is the answer that was given. Of each message only role,
 * content and what belongs to tools is taken: data sets keep addresses and countries beside them.
 * @returns the messages, or what is wrong
 */
export function readDialogue(given: unknown): Dialogue | string {
  let list = given
  if (typeof given === 'string') {
    try {
      list = JSON.parse(given)
    } catch {
      return `messages must be JSON, is ${short(given)}`
    }
  }
  if (!Array.isArray(list) || list.length === 0)
    return `messages must be a list of at least one message, is ${short(list)}`
  const messages: ChatMessage[] = []
  for (const [i, message] of list.entries()) {
    const read = readMessage(message, `messages[${i}]`)
    if (typeof read === 'string') return read
    messages.push(read)
  }
  let answer: string | undefined
  while (messages[messages.length - 1]?.role === 'assistant') {
    const content = messages.pop()?.content
    if (answer === undefined && content !== '') answer = content
  }
  if (messages.length === 0)
    return 'messages has answers of the assistant only: nothing to ask the server'
  return { messages, answer }
}

/** A text that is a list of messages, as a log of requests keeps them; undefined for any other. */
export function messagesInText(text: string): ChatMessage[] | undefined {
  if (!/^\s*\[\s*\{/.test(text)) return undefined
  const read = readDialogue(text)
  return typeof read === 'string' ? undefined : read.messages
}

function readMessage(message: unknown, at: string): ChatMessage | string {
  if (!isObject(message)) return `${at} must be an object, is ${short(message)}`
  const role = message['role'] ?? message['from']
  const known = typeof role === 'string' && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined
  if (known === undefined)
    return `${at}.role must be one of ${Object.keys(ROLES).join(', ')}, is ${short(role)}`
  const calls = message['tool_calls']
  const content = readContent(message['content'] ?? message['value'], at)
  if (content === undefined && !Array.isArray(calls))
    return `${at}.content must be a text, is ${short(message['content'])}`
  if (typeof content === 'object') return content.problem
  const read: ChatMessage = { role: known, content: content ?? '' }
  if (known === 'assistant' && Array.isArray(calls)) read['tool_calls'] = calls
  if (known === 'tool') {
    for (const key of ['tool_call_id', 'name']) {
      if (typeof message[key] === 'string') read[key] = message[key]
    }
  }
  return read
}

/** A text, or text parts joined by line ends; undefined for neither. */
function readContent(content: unknown, at: string): string | { problem: string } | undefined {
  if (typeof content === 'string') return content
  if (!Array.isArray(content) || content.length === 0) return undefined
  const texts: string[] = []
  for (const part of content as unknown[]) {
    const text = isObject(part) ? part['text'] : part
    if (typeof text !== 'string') {
      const type = isObject(part) ? part['type'] : part
      return { problem: `${at}.content has a part of type ${short(type)}; accepted: text` }
    }
    texts.push(text)
  }
  return texts.join('\n')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value for a message: its beginning, so that no message is a page long. */
export function short(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'missing')
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
