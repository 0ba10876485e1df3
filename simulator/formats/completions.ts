import { readPrompt } from './native.ts'
import {
  createFrames,
  doneLine,
  openaiError,
  openaiErrorEvent,
  readCommon,
  usageJson,
  ridesOf,
} from './openai.ts'
import type { WireFormat } from './types.ts'

/** OpenAI text completions: several prompts in one request, no role and no reasoning. */
export const completions: WireFormat = {
  name: 'completions',
  framing: 'sse',
  paths: [{ path: /^\/v1\/completions$/ }],
  countsAlways: false,
  reasons: false,
  read: (body, { strict }) => ({
    ...readCommon(body, strict),
    ...readPrompt(body, 'prompt'),
    tool: undefined,
  }),
  createWriter(head) {
    const frames = createFrames('text_completion', head)
    const usageRides = ridesOf(head)
    return {
      finishOnLast: head.options.wire.finish === 'lastToken',
      usageRides,
      open: () => [],
      piece: ({ index }, piece, usage, reason) => [
        frames.choice(index, `"text":${JSON.stringify(piece.text)}`, reason, usage),
      ],
      finish: ({ index }, reason, usage) => [frames.choice(index, '"text":""', reason, usage)],
      close: (_reason, usage) => (usage === undefined || usageRides ? [] : [frames.usage(usage)]),
      done: () => [],
      usage: (usage) => [frames.usage(usage)],
    }
  },
  whole({ id, created, model }, choices, usage) {
    const body = {
      id,
      object: 'text_completion',
      created,
      model,
      choices: choices.map(({ index, reason, content }) => ({
        index,
        logprobs: null,
        finish_reason: reason,
        text: content,
      })),
    }
    const text = JSON.stringify(body)
    return usage === undefined ? text : `${text.slice(0, -1)},"usage":${usageJson(usage)}}`
  },
  doneLine,
  errorBody: openaiError,
  errorEvent: openaiErrorEvent,
}
