import { isObject } from '../body.ts'
import { plainError, readLengths, readPrompt } from './native.ts'
import type { WireFormat } from './types.ts'

/** Triton's generate extension: texts, no counts, no reason to finish and no terminal marker. */
export const triton: WireFormat = {
  name: 'triton',
  framing: 'sse',
  paths: [
    { path: /^\/v2\/models\/(?<model>[^/]+)\/generate_stream$/, stream: true },
    { path: /^\/v2\/models\/(?<model>[^/]+)\/generate$/, stream: false },
  ],
  countsAlways: false,
  reasons: false,
  read(body, { stream }) {
    const parameters = isObject(body['parameters']) ? body['parameters'] : {}
    const fields = { max: 'max_tokens', min: 'min_tokens' }
    const lengths = readLengths(parameters, fields, stream === true)
    return { ...lengths, ...readPrompt(body, 'text_input') }
  },
  createWriter({ model }) {
    const start = `{"model_name":${JSON.stringify(model)},"model_version":"1","text_output":`
    return {
      finishOnLast: false,
      usageRides: false,
      open: () => [],
      piece: (_choice, { text }) => [{ data: `${start}${JSON.stringify(text)}}` }],
      finish: () => [],
      close: () => [],
      done: () => [],
    }
  },
  whole({ model }, choices) {
    const text = choices.map(({ reasoning, content }) => reasoning + content).join('')
    return JSON.stringify({ model_name: model, model_version: '1', text_output: text })
  },
  doneLine: undefined,
  errorBody: plainError,
  errorEvent: (message) => ({ data: plainError({ message }) }),
}
