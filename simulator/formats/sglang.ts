import { isObject, optionalFlag } from '../body.ts'
import { readLengths, readPrompt } from './native.ts'
import { doneLine } from './openai.ts'
import type { Billed, FinishReason, WireFormat } from './types.ts'

/** SGLang's /generate: each event repeats all text so far, with the counts so far. */
export const sglang: WireFormat = {
  name: 'sglang',
  framing: 'sse',
  paths: [{ path: /^\/generate$/, has: 'text' }],
  countsAlways: true,
  reasons: false,
  read(body) {
    const parameters = isObject(body['sampling_params']) ? body['sampling_params'] : {}
    const fields = { max: 'max_new_tokens', min: 'min_new_tokens' }
    const lengths = readLengths(parameters, fields, optionalFlag(body, 'stream'))
    return { ...lengths, ...readPrompt(body, 'text') }
  },
  createWriter({ id }) {
    let all = ''
    const event = (usage: Billed | undefined, reason: FinishReason | undefined) => ({
      data: `{"text":${JSON.stringify(all)},"meta_info":${meta(id, usage, reason)}}`,
    })
    return {
      finishOnLast: true,
      usageRides: false,
      open: () => [],
      piece(_choice, { text }, usage, reason) {
        all += text
        return [event(usage, reason)]
      },
      finish: (_choice, reason, usage) => [event(usage, reason)],
      close: () => [],
      done: () => [],
      usage: (usage) => [event(usage, undefined)],
    }
  },
  whole({ id }, choices, usage) {
    const [choice] = choices
    const text = JSON.stringify(`${choice?.reasoning ?? ''}${choice?.content ?? ''}`)
    return `{"text":${text},"meta_info":${meta(id, usage, choice?.reason ?? 'stop')}}`
  },
  doneLine,
  errorBody: ({ message }) => JSON.stringify({ error: { message } }),
  errorEvent: (message) => ({ data: JSON.stringify({ error: { message } }) }),
}

function meta(id: string, usage: Billed | undefined, reason: FinishReason | undefined): string {
  const finish =
    reason === undefined
      ? 'null'
      : reason === 'abort'
        ? '{"type":"abort","message":"simulated: the request was aborted","status_code":503}'
        : `{"type":"${reason}"}`
  const counts =
    usage === undefined
      ? ''
      : `,"prompt_tokens":${usage.prompt},"completion_tokens":${usage.completion},"cached_tokens":${usage.cached ?? 0}`
  return `{"id":${JSON.stringify(id)},"finish_reason":${finish}${counts}}`
}
