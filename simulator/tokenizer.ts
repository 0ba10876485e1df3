import { hashText, mix32 } from './random.ts'
import type { BlockKey } from './engine/index.ts'

/** Token ids of a text (31 bits, made from the pieces: equal pieces have equal ids). */
export type Tokenizer = (text: string) => number[]

function id(text: string, from: number, to: number): number {
  return hashText(text, from, to) >>> 1
}

/** One token per word, whatever its length. */
function word(text: string): number[] {
  const ids: number[] = []
  for (const match of text.matchAll(/\S+/g))
    ids.push(id(text, match.index, match.index + match[0].length))
  return ids
}

function pieces(text: string, from: number, to: number, size: number, ids: number[]): void {
  for (let i = from; i < to; i += size) ids.push(id(text, i, Math.min(i + size, to)))
}

/** Word pieces: 5 letters or 3 digits per token, each punctuation mark and other letter its own. */
function subword(text: string): number[] {
  const ids: number[] = []
  for (const match of text.matchAll(/[A-Za-z]+|\d+|[^\sA-Za-z\d]/g)) {
    const size = /[A-Za-z]/.test(match[0]) ? 5 : 3
    pieces(text, match.index, match.index + match[0].length, size, ids)
  }
  return ids
}

/**
 * Like byte-pair encodings of the GPT family: a word with its leading space is one token up to 7
 * letters, longer ones break into 4s; 3 digits, 2 punctuation marks or a run of blanks are one token;
 * other scripts cost one token per 2 bytes of UTF-8.
 */
function bytepair(text: string): number[] {
  const ids: number[] = []
  const pattern = / ?[A-Za-z]+|\d{1,3}| ?[!-/:-@[-`{-~]{1,2}|\s+|[^\s!-~]+/g
  for (const match of text.matchAll(pattern)) {
    const from = match.index
    const to = from + match[0].length
    const letters = match[0].trimStart().length
    if (/[A-Za-z]$/.test(match[0]) && letters > 7) {
      const firstTo = to - letters + 7
      ids.push(id(text, from, firstTo))
      pieces(text, firstTo, to, 4, ids)
    } else if (match[0].charCodeAt(0) > 126) {
      const bytes = Buffer.byteLength(match[0])
      const first = id(text, from, to)
      for (let i = 0; i < bytes; i += 2) ids.push(mix32(first, i) >>> 1)
    } else ids.push(id(text, from, to))
  }
  return ids
}

/** One token per byte of UTF-8. */
function byte(text: string): number[] {
  return [...Buffer.from(text)]
}

export const tokenizers = { word, subword, bytepair, byte } as const
export type TokenizerName = keyof typeof tokenizers

/** What a chat template adds. Lengths in tokens. */
export interface ChatTemplate {
  perRequest: number
  perMessage: number
  /** A system prompt that is put in when the request has none (as Qwen's and Llama's do). */
  defaultSystem?: string
}

export const chatTemplates = {
  none: { perRequest: 0, perMessage: 0 },
  chatml: { perRequest: 3, perMessage: 4 },
  llama: { perRequest: 4, perMessage: 5 },
  qwen: { perRequest: 4, perMessage: 6, defaultSystem: 'You are a helpful assistant.' },
} as const satisfies Record<string, ChatTemplate>
export type ChatTemplateName = keyof typeof chatTemplates

export interface TemplateMessage {
  role: string
  text: string
}

/** Renders a conversation to token ids: the marks of the template, then each message's text. */
export function renderChat(
  messages: readonly TemplateMessage[],
  template: ChatTemplate,
  tokenize: Tokenizer,
): number[] {
  const ids: number[] = []
  function mark(name: string, count: number): void {
    for (let i = 0; i < count; i++) ids.push(mix32(hashText(name), i) >>> 1)
  }
  const all =
    template.defaultSystem !== undefined && messages[0]?.role !== 'system'
      ? [{ role: 'system', text: template.defaultSystem }, ...messages]
      : messages
  // The prompt ends with the opening of the assistant's message, so that the next turn of a
  // conversation begins with all of this one, answer included, and finds it in the prefix cache.
  const begin = Math.min(1, template.perRequest)
  mark('begin', begin)
  for (const { role, text } of all) {
    const open = Math.ceil(template.perMessage / 2)
    mark(`open ${role}`, open)
    for (const token of tokenize(text)) ids.push(token)
    mark('close', template.perMessage - open)
  }
  mark('open assistant', template.perRequest - begin)
  return ids
}

/** Keys of the full blocks of a row of tokens, each standing for all that comes before it too. */
export function blockKeys(ids: readonly number[], blockSize: number): BlockKey[] {
  const keys: BlockKey[] = []
  // Two lanes of 32 bits joined to 52: at a million blocks a wrong hit has odds of 1 in 9,000.
  let a = 1
  let b = 2
  for (let i = 0; i < ids.length; i++) {
    a = mix32(a, ids[i]!)
    b = mix32(b, ids[i]! ^ 0x5bd1e995)
    if ((i + 1) % blockSize === 0) keys.push((a >>> 12) * 2 ** 32 + b)
  }
  return keys
}
