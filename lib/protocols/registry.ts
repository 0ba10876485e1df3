import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import type { Protocol } from './types.ts'

/** Every wire format by the name that the variable `API` takes. */
export const protocols: Readonly<Record<string, Protocol>> = Object.fromEntries(
  [openaiChat, openaiCompletions].map((protocol) => [protocol.name, protocol]),
)

export const protocolNames: readonly string[] = Object.keys(protocols)
