import { type DialogueConfig, dialogues } from './dialogue.ts'
import type { ConversationWorkload } from '../types.ts'
import { CHAT_FRAME } from './chat.ts'

/**
 * Chats of several turns. People read, think and type, so there are pauses of some seconds with a long
 * tail, during which a server may drop the session's cache.
 */
export function conversations(config: DialogueConfig): ConversationWorkload {
  return dialogues(config, {
    name: 'conversation',
    frame: CHAT_FRAME,
    turns: { kind: 'uniform', min: 2, max: 8 },
    think: { kind: 'lognormal', median: 5000, sigma: 0.8, min: 500, max: 60_000 },
    plain: true,
    turnTokens: { kind: 'lognormal', median: 64, sigma: 0.7, min: 4, max: 1024 },
    reply: (previous, words) => [
      { role: 'assistant', content: previous.text },
      { role: 'user', content: words },
    ],
  })
}
