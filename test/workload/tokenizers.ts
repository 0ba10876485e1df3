import type { GenerationRequest } from '../../lib/protocols/index.ts'
import type { CountTokens } from '../../lib/workload/index.ts'

/** Pseudo-tokenizers and templates: how different servers would count one prompt. */
export type Count = (text: string) => number

const pieces = (text: string, size: number) =>
  (text.match(/[A-Za-z]+|\d+|[^\sA-Za-z\d]/g) ?? []).reduce(
    (sum, piece) => sum + Math.ceil(piece.length / size),
    0,
  )

/** Deterministic pseudo-random share of words that cost two tokens. */
const scattered =
  (share: number): Count =>
  (text) =>
    (text.match(/ ?[A-Za-z]+|[^\sA-Za-z]/g) ?? []).reduce((sum, piece) => {
      let h = 7
      for (const c of piece.trim()) h = (Math.imul(h, 31) + c.charCodeAt(0)) | 0
      const split = ((Math.imul(h, 0x9e3779b1) >>> 8) % 1000) / 1000 < share
      return sum + (piece.startsWith(' ') || piece.length === 1 ? 1 : 2) + (split ? 1 : 0)
    }, 0)

export const TOKENIZERS: Record<string, Count> = {
  words: (text) => text.split(/\s+/).filter(Boolean).length,
  'few words split': scattered(0.03),
  'every third word split': scattered(0.33),
  'pieces of five letters': (text) => pieces(text, 5),
  'pieces of three letters': (text) => pieces(text, 3),
  'a quarter of the characters': (text) => Math.ceil(text.length / 4),
  bytes: (text) => text.length,
}

export const TEMPLATES: Record<string, { request: number; message: number; system: string }> = {
  none: { request: 0, message: 0, system: '' },
  short: { request: 3, message: 4, system: '' },
  'long, with a system prompt': {
    request: 11,
    message: 6,
    system: 'You are a helpful assistant. Knowledge cutoff 2023-12. Today is 2026-01-01.',
  },
}

/** A server that counts: text of all messages by the tokenizer, plus what the template adds. */
export const server =
  (count: Count, template = { request: 0, message: 0, system: '' }) =>
  (request: GenerationRequest): number => {
    const tools = request.tools ? count(JSON.stringify(request.tools)) : 0
    const plain = [request.prompt, request.input].flat().filter((t) => t !== undefined)
    if (plain.length > 0) return plain.reduce((sum, text) => sum + 1 + count(text), 0)
    const system = template.system ? count(template.system) + template.message : 0
    const messages = request.messages ?? []
    return messages.reduce(
      (sum, m) => sum + template.message + count(m.content.trim()),
      template.request + system + tools,
    )
  }

export const counting =
  (count: (request: GenerationRequest) => number): CountTokens =>
  (request) =>
    Promise.resolve(count(request))
