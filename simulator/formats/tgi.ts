import { isObject } from '../body.ts'
import { readLengths, readPrompt } from './native.ts'
import type { Billed, Choice, FinishReason, WireFormat } from './types.ts'

/** Text Generation Inference: an event per token, the last one with the whole text and details. */
export const tgi: WireFormat = {
  name: 'tgi',
  framing: 'sse',
  paths: [
    { path: /^\/generate_stream$/, stream: true },
    { path: /^\/generate$/, stream: false, has: 'inputs' },
  ],
  countsAlways: false,
  reasons: false,
  read(body, { stream }) {
    const parameters = isObject(body['parameters']) ? body['parameters'] : {}
    const fields = { max: 'max_new_tokens', min: 'min_new_tokens' }
    const lengths = readLengths(parameters, fields, stream === true)
    const greedy = parameters['temperature'] === undefined
    return { ...lengths, ...readPrompt(body, 'inputs'), greedy }
  },
  createWriter() {
    let index = 0
    let all = ''
    const event = (text: string, special: boolean, end: string) => ({
      data: `{"index":${++index},"token":{"id":${1000 + index},"text":${JSON.stringify(text)},"logprob":-0.25,"special":${special}},${end}}`,
    })
    const ended = (reason: FinishReason, usage: Billed | undefined) =>
      `"generated_text":${JSON.stringify(all)},"details":${details(reason, usage)}`
    return {
      finishOnLast: true,
      usageRides: true,
      open: () => [],
      piece(_choice: Choice, { text }, usage, reason) {
        all += text
        const end =
          reason === undefined ? '"generated_text":null,"details":null' : ended(reason, usage)
        return [event(text, false, end)]
      },
      finish: (_choice, reason, usage) => [event('</s>', true, ended(reason, usage))],
      close: () => [],
      done: () => [],
    }
  },
  whole(_head, choices, usage) {
    const [choice] = choices
    const text = JSON.stringify(`${choice?.reasoning ?? ''}${choice?.content ?? ''}`)
    return `{"generated_text":${text},"details":${details(choice?.reason ?? 'stop', usage)}}`
  },
  doneLine: undefined,
  errorBody: ({ message, status }) =>
    JSON.stringify({ error: message, error_type: status < 500 ? 'validation' : 'overloaded' }),
  errorEvent: (message) => ({ data: JSON.stringify({ error: message, error_type: 'generation' }) }),
}

function details(reason: FinishReason, usage: Billed | undefined): string {
  const counts =
    usage === undefined
      ? ''
      : `,"generated_tokens":${usage.completion},"input_length":${usage.prompt}`
  return `{"finish_reason":"${reason === 'length' ? 'length' : 'eos_token'}"${counts},"seed":null}`
}
