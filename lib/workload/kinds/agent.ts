import type { ChatMessage } from '../../protocols/index.ts'
import { type DialogueConfig, dialogues } from './dialogue.ts'
import type { ConversationWorkload, Frame, PreviousAnswer } from '../types.ts'
import { TOOLS } from './tool-schema.ts'

export const AGENT_FRAME: Frame = {
  key: 'agent',
  parts: 1,
  build: ([words]) => ({
    messages: [
      {
        role: 'user',
        content: `${words}\n\nWork on the task in the notes above with the tools that you have, one step at a time. Say when you are done.`,
      },
    ],
    tools: TOOLS,
    toolChoice: 'auto',
  }),
}

/**
 * Sessions of an agent: short steps, each answered by a tool's result, with a prompt that grows fast and
 * is nearly all in the prefix cache. The pause is the time that the tool takes.
 */
export function agent(config: DialogueConfig): ConversationWorkload {
  return dialogues(
    { ...config, ignoreEos: 'off' },
    {
      name: 'agent',
      frame: AGENT_FRAME,
      turns: { kind: 'uniform', min: 4, max: 16 },
      think: { kind: 'lognormal', median: 800, sigma: 1, min: 50, max: 30_000 },
      plain: false,
      turnTokens: { kind: 'lognormal', median: 400, sigma: 0.9, min: 16, max: 4096 },
      reply,
    },
  )
}

/**
 * A tool's result answers the call that the server made. Where it made none (a model may not, and under
 * load tests many do not) the result is sent as a user message, because templates refuse a `tool` message
 * without a call.
 */
function reply(previous: PreviousAnswer, words: string, turn: number): ChatMessage[] {
  const calls = previous.toolCalls ?? []
  if (calls.length === 0)
    return [
      { role: 'assistant', content: previous.text },
      { role: 'user', content: `${words}\n\nThis is the result of step ${turn - 1}. Go on.` },
    ]
  return [
    {
      role: 'assistant',
      content: previous.text,
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    },
    // Every call must be answered; the words are the result of the first.
    ...calls.map((call, i): ChatMessage => ({
      role: 'tool',
      tool_call_id: call.id,
      content: i === 0 ? words : 'done',
    })),
  ]
}
