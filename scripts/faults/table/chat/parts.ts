import { encodeUtf8 } from '../../../../lib/http/index.ts'
import { chunked } from '../../answer.ts'
import type { Answer, Piece } from '../../answer.ts'
import type { KindName } from '../../kinds.ts'
import { fails, group } from '../../rows.ts'
import type { Expected, Row } from '../../rows.ts'

export const add = group('chat', ['chat'])

export type Frame = object | string

/** Frames of a chat stream, 20 ms after the head and 10 ms apart. */
export function play(frames: readonly Frame[]): (answer: Answer) => ReturnType<typeof chunked> {
  return (answer) => {
    const pieces = frames.map((frame, i): Piece => {
      const data = typeof frame === 'string' ? frame : JSON.stringify(frame)
      return { atMs: 20 + 10 * i, text: encodeUtf8(`data: ${data}\n\n`), token: false }
    })
    return chunked(answer, {}, pieces)
  }
}

export const choice = (delta: unknown, reason: unknown = null, more: object = {}) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: reason, ...more }],
})

export const role = choice({ role: 'assistant', content: '' })

export const word = (text: string, more: object = {}) => ({ ...choice({ content: text }), ...more })

export const words = [' one', ' two', ' three', ' four', ' five'].map((text) => word(text))

export const usage = (completion: unknown, more: object = {}) => ({
  id: 'c',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: completion, ...more },
})

export const total = (n: number) => usage(n, { total_tokens: 9 + n })

export const done = '[DONE]'

export const stop = choice({}, 'stop')

/** Five tokens, or other frames in their place, in an answer that is well formed beside. */
export const around = (frames: readonly Frame[], n = 5) =>
  play([role, ...frames, stop, total(n), done])

export const deltas = (list: readonly unknown[]) => around(list.map((delta) => choice(delta)))

export const row = (name: string, kind: KindName, made: Row['play'], expect: Expected) =>
  add(name, kind, made, expect)

export const ending = (...frames: Frame[]) => play([role, ...words, ...frames])

export const empty = fails('empty', 'empty_answer')

export const content = (list: readonly unknown[]) => deltas(list.map((one) => ({ content: one })))

export const odd = ' x'
