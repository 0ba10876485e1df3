import { anthropic } from './anthropic.ts'
import { llamacpp } from './llamacpp.ts'
import { ollamaChat, ollamaGenerate } from './ollama.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import { openaiEmbeddings } from './openai-embeddings.ts'
import { openaiResponses } from './openai-responses.ts'
import { sglang } from './sglang.ts'
import { tgi } from './tgi.ts'
import { triton } from './triton.ts'
import type { Protocol } from './types.ts'

const all: readonly Protocol[] = [
  openaiChat,
  openaiCompletions,
  openaiResponses,
  openaiEmbeddings,
  anthropic,
  tgi,
  triton,
  sglang,
  ollamaChat,
  ollamaGenerate,
  llamacpp,
]

/** Every wire format, by its name in the variable `API`. */
export const protocols: Readonly<Record<string, Protocol>> = Object.fromEntries(
  all.map((protocol) => [protocol.name, protocol]),
)

export const protocolNames: readonly string[] = Object.keys(protocols)

/** @returns the headers that carry an API key to a server of this format */
export function authHeaders(protocol: Protocol, apiKey: string): Record<string, string> {
  if (protocol.name === anthropic.name) return { 'x-api-key': apiKey }
  return { authorization: `Bearer ${apiKey}` }
}
