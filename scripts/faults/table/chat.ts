import { encodeUtf8 } from '../../../lib/http/index.ts'
import { chunked } from '../answer.ts'
import type { Answer, Piece } from '../answer.ts'
import { counts, fails, group, noted } from '../rows.ts'
import type { Expected, Row } from '../rows.ts'
import type { KindName } from '../kinds.ts'

const add = group('chat', ['chat'])

type Frame = object | string

/** Frames of a chat stream, 20 ms after the head and 10 ms apart. */
function play(frames: readonly Frame[]): (answer: Answer) => ReturnType<typeof chunked> {
  return (answer) => {
    const pieces = frames.map((frame, i): Piece => {
      const data = typeof frame === 'string' ? frame : JSON.stringify(frame)
      return { atMs: 20 + 10 * i, text: encodeUtf8(`data: ${data}\n\n`), token: false }
    })
    return chunked(answer, {}, pieces)
  }
}

const choice = (delta: unknown, reason: unknown = null, more: object = {}) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: reason, ...more }],
})
const role = choice({ role: 'assistant', content: '' })
const word = (text: string, more: object = {}) => ({ ...choice({ content: text }), ...more })
const words = [' one', ' two', ' three', ' four', ' five'].map((text) => word(text))
const usage = (completion: unknown, more: object = {}) => ({
  id: 'c',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: completion, ...more },
})
const total = (n: number) => usage(n, { total_tokens: 9 + n })
const done = '[DONE]'
const stop = choice({}, 'stop')

/** Five tokens, or other frames in their place, in an answer that is well formed beside. */
const around = (frames: readonly Frame[], n = 5) => play([role, ...frames, stop, total(n), done])
const deltas = (list: readonly unknown[]) => around(list.map((delta) => choice(delta)))
const row = (name: string, kind: KindName, made: Row['play'], expect: Expected) =>
  add(name, kind, made, expect)
const ending = (...frames: Frame[]) => play([role, ...words, ...frames])

const aborted = fails('truncated', 'finish_abort')
const filtered = fails('truncated', 'content_filter')
const broken = fails('stream_error', 'finish_error')
const error = fails('stream_error', 'error_event')
const empty = fails('empty', 'empty_answer')

/** Why an answer ended. */
const finishes: Row[] = [
  ...['stop', 'length', 'tool_calls', 'function_call', 'eos', 'end_turn', 'banana', 'STOP'].map(
    (reason) =>
      row(`finish-${reason}`, 'as_specified', ending(choice({}, reason), total(5), done), counts()),
  ),
  ...['abort', 'aborted', 'cancelled', 'canceled', 'insufficient_system_resource'].map((reason) =>
    row(`finish-${reason}`, 'finish_abort', ending(choice({}, reason), total(5), done), aborted),
  ),
  ...['content_filter', 'SAFETY', 'RECITATION', 'refusal'].map((reason) =>
    row(`finish-${reason}`, 'finish_filter', ending(choice({}, reason), total(5), done), filtered),
  ),
  ...['error', 'engine_error', 'timeout'].map((reason) =>
    row(`finish-${reason}`, 'finish_error', ending(choice({}, reason), total(5), done), broken),
  ),
  row('finish-missing', 'as_specified', ending(total(5), done), counts()),
  row('finish-empty', 'as_specified', ending(choice({}, ''), total(5), done), counts()),
  row('finish-number', 'as_specified', ending(choice({}, 7), total(5), done), counts()),
  row('finish-twice', 'as_specified', ending(stop, stop, total(5), done), counts()),
  row(
    'finish-on-last-token',
    'as_specified',
    play([role, ...words.slice(0, 4), choice({ content: ' five' }, 'stop'), total(5), done]),
    counts(),
  ),
  row('finish-and-no-done', 'no_done', ending(stop, total(5)), noted('no_terminator')),
  row('usage-and-no-done', 'ended_early', ending(total(5)), fails('truncated', 'no_terminator')),
  row('nothing-behind-tokens', 'ended_early', ending(), fails('truncated', 'no_terminator')),
  row('done-alone', 'empty', play([done]), empty),
  row('role-alone', 'empty', play([role, done]), empty),
  row('role-and-finish', 'empty', play([role, stop, usage(0, { total_tokens: 9 }), done]), empty),
]

/** What the server says that it has counted. */
const usages: Row[] = [
  row('usage-missing', 'no_usage', ending(stop, done), counts()),
  row(
    'usage-null',
    'no_usage',
    ending(stop, { id: 'c', choices: [], usage: null }, done),
    counts(),
  ),
  row('usage-empty', 'no_usage', ending(stop, { id: 'c', choices: [], usage: {} }, done), counts()),
  row(
    'usage-array',
    'no_usage',
    ending(stop, { id: 'c', choices: [], usage: [1, 2] }, done),
    counts(),
  ),
  row(
    'usage-text',
    'as_specified',
    ending(stop, usage('5', { total_tokens: '14' }), done),
    counts(),
  ),
  row('usage-words', 'no_usage', ending(stop, usage('five'), done), counts()),
  row('usage-float', 'no_usage', ending(stop, usage(5.5), done), counts()),
  row('usage-negative', 'no_usage', ending(stop, usage(-5), done), counts()),
  row('usage-zero', 'no_usage', ending(stop, usage(0), done), counts()),
  row('usage-too-low', 'usage_corrected', ending(stop, total(2), done), noted('usage_corrected')),
  row(
    'usage-total-wrong',
    'usage_corrected',
    ending(stop, usage(5, { total_tokens: 9 }), done),
    noted('usage_corrected'),
  ),
  row(
    'usage-then-zero',
    'usage_corrected',
    ending(stop, total(5), usage(0), done),
    noted('usage_corrected'),
  ),
  row('usage-twice', 'as_specified', ending(stop, total(5), total(5), done), counts()),
  row(
    'usage-no-prompt',
    'as_specified',
    ending(stop, { id: 'c', choices: [], usage: { completion_tokens: 5 } }, done),
    counts(),
  ),
  row('usage-no-total', 'as_specified', ending(stop, usage(5), done), counts()),
  row(
    'usage-in-choice',
    'as_specified',
    ending(choice({}, 'stop', { usage: total(5).usage }), done),
    counts(),
  ),
  row(
    'usage-x-groq',
    'as_specified',
    ending({ ...stop, x_groq: { id: 'r', usage: total(5).usage } }, done),
    counts(),
  ),
  row(
    'usage-with-finish',
    'as_specified',
    ending({ ...stop, usage: total(5).usage }, done),
    counts(),
  ),
  row(
    'usage-on-each',
    'as_specified',
    play([
      role,
      ...words.map((one, i) => ({ ...one, usage: total(i + 1).usage })),
      stop,
      total(5),
      done,
    ]),
    counts(),
  ),
  row(
    'usage-null-on-each',
    'as_specified',
    around(words.map((one) => ({ ...one, usage: null }))),
    counts(),
  ),
  row(
    'usage-per-chunk',
    'usage_corrected',
    play([role, ...words.map((one) => ({ ...one, usage: usage(1).usage })), stop, done]),
    noted('usage_corrected'),
  ),
  row(
    'usage-counts-more',
    'last_estimated',
    play([
      role,
      ...words,
      ...Array.from({ length: 6 }, () => ({ id: 'c', choices: [] })),
      stop,
      total(9),
      done,
    ]),
    counts({ tokens: 9, notes: ['last_token_estimated'] }),
  ),
  row(
    'usage-hides-reasoning',
    'hidden_reasoning',
    ending(
      stop,
      usage(500, { total_tokens: 509, completion_tokens_details: { reasoning_tokens: 495 } }),
      done,
    ),
    counts({ tokens: 500, hidden: true }),
  ),
  row(
    'usage-without-reasoning',
    'usage_corrected',
    play([
      role,
      ...words.slice(0, 2).map((_, i) => choice({ reasoning_content: ` r${i}` })),
      ...words.slice(2),
      stop,
      usage(3, { total_tokens: 14, completion_tokens_details: { reasoning_tokens: 2 } }),
      done,
    ]),
    noted('usage_corrected'),
  ),
]

const call = (fields: object) => ({ tool_calls: [{ index: 0, ...fields }] })
const content = (list: readonly unknown[]) => deltas(list.map((one) => ({ content: one })))
const odd = ' x'

/** What a delta holds. */
const texts: Row[] = [
  row(
    'reasoning',
    'as_specified',
    deltas(
      ['r', 'r', 'r']
        .map((reasoning) => ({ reasoning }))
        .concat([{ content: odd }, { content: odd }] as never[]),
    ),
    counts(),
  ),
  row(
    'reasoning-content',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map((n) => (n < 4 ? { reasoning_content: odd } : { content: odd }))),
    counts(),
  ),
  row(
    'reasoning-both-names',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ reasoning: odd, reasoning_content: odd }))),
    counts(),
  ),
  row(
    'reasoning-only',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ reasoning: odd }))),
    counts(),
  ),
  row(
    'reasoning-details',
    'as_specified',
    deltas(
      [1, 2, 3, 4, 5].map(() => ({
        content: '',
        reasoning_details: [{ type: 'reasoning.text', text: odd }],
      })),
    ),
    counts(),
  ),
  row(
    'refusal-text',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ refusal: odd }))),
    counts(),
  ),
  row(
    'tool-call',
    'as_specified',
    deltas([
      call({ id: 't', type: 'function', function: { name: 'f', arguments: '' } }),
      ...['{', '"a"', ':1', '}'].map((text) => call({ function: { arguments: text } })),
    ]),
    counts(),
  ),
  row(
    'tool-call-no-index',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ tool_calls: [{ function: { arguments: odd } }] }))),
    counts(),
  ),
  row(
    'tool-call-several',
    'as_specified',
    deltas(
      [1, 2, 3, 4, 5].map((index) => ({
        tool_calls: [{ index, function: { name: `f${index}`, arguments: '{}' } }],
      })),
    ),
    counts(),
  ),
  row(
    'tool-call-function-null',
    'as_specified',
    deltas([...[1, 2, 3, 4, 5].map(() => ({ content: odd })), call({ function: null })]),
    counts(),
  ),
  row(
    'tool-calls-null',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ content: odd, tool_calls: null }))),
    counts(),
  ),
  row(
    'tool-calls-empty',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ content: odd, tool_calls: [] }))),
    counts(),
  ),
  row(
    'function-call',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ function_call: { arguments: odd } }))),
    counts(),
  ),
  row(
    'audio',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ audio: { data: 'AAAA' } }))),
    counts(),
  ),
  row(
    'content-parts',
    'as_specified',
    content([1, 2, 3, 4, 5].map(() => [{ type: 'text', text: odd }])),
    counts(),
  ),
  row(
    'content-thinking-parts',
    'as_specified',
    content(
      [1, 2, 3, 4, 5].map(() => [{ type: 'thinking', thinking: [{ type: 'text', text: odd }] }]),
    ),
    counts(),
  ),
  row(
    'content-null-between',
    'as_specified',
    content([odd, null, odd, null, odd, odd, odd]),
    counts(),
  ),
  row(
    'content-empty-tail',
    'blank_tokens',
    around([...words.slice(0, 3), word(''), word('')]),
    counts(),
  ),
  row(
    'content-empty-head',
    'blank_tokens',
    around([word(''), word(''), ...words.slice(0, 3)]),
    counts(),
  ),
  row(
    'content-empty-heartbeats',
    'blank_tokens',
    around([...words, word(''), word(''), word('')]),
    counts(),
  ),
  row('content-all-empty', 'empty', around([word(''), word('')], 2), empty),
  row('content-missing', 'empty', deltas([{}, {}]), empty),
  row('delta-null', 'noise', around([...words, choice(null)]), counts()),
  row(
    'delta-missing',
    'noise',
    around([...words, { id: 'c', choices: [{ index: 0, finish_reason: null }] }]),
    counts(),
  ),
  row(
    'role-on-each',
    'as_specified',
    deltas([1, 2, 3, 4, 5].map(() => ({ role: 'assistant', content: odd }))),
    counts(),
  ),
  row('role-missing', 'as_specified', play([...words, stop, total(5), done]), counts()),
  row(
    'logprobs',
    'as_specified',
    around(
      words.map((one) => ({
        ...one,
        choices: [
          {
            ...one.choices[0],
            logprobs: { content: [{ token: 'x', logprob: -0.5, bytes: [32], top_logprobs: [] }] },
          },
        ],
      })),
    ),
    counts(),
  ),
  row(
    'obfuscation',
    'as_specified',
    around(words.map((one) => ({ ...one, obfuscation: 'aZ9aZ9' }))),
    counts(),
  ),
  row(
    'token-in-two-words',
    'last_estimated',
    around([word(' one two'), word(' three four five')]),
    counts({ mayNote: ['last_token_estimated'] }),
  ),
]

/** How many choices there are. */
const choices: Row[] = [
  row(
    'choices-empty-between',
    'noise',
    around([...words.slice(0, 2), { id: 'c', choices: [] }, ...words.slice(2)]),
    counts(),
  ),
  row(
    'choices-prompt-filter',
    'noise',
    play([
      { id: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      role,
      ...words,
      stop,
      total(5),
      done,
    ]),
    counts(),
  ),
  row(
    'choices-null',
    'malformed',
    around([...words, { id: 'c', choices: null }]),
    counts({ malformed: 1 }),
  ),
  row(
    'choices-missing',
    'malformed',
    around([...words, { id: 'c', object: 'chat.completion.chunk' }]),
    counts({ malformed: 1 }),
  ),
  row(
    'choices-odd-members',
    'noise',
    around([...words, { id: 'c', choices: [null, 1, 'x'] }]),
    counts(),
  ),
  row(
    'choices-index-missing',
    'as_specified',
    around(words.map((one) => ({ ...one, choices: [{ delta: one.choices[0]!.delta }] }))),
    counts(),
  ),
  row(
    'choices-index-negative',
    'as_specified',
    around(words.map((one) => ({ ...one, choices: [{ ...one.choices[0], index: -1 }] }))),
    counts(),
  ),
  row(
    'choices-two-in-turn',
    'as_specified',
    around(words.map((one, i) => ({ ...one, choices: [{ ...one.choices[0], index: i % 2 }] }))),
    counts(),
  ),
  row(
    'choices-two-at-once',
    'as_specified',
    around(
      words.map((one) => ({ ...one, choices: [one.choices[0], { ...one.choices[0], index: 1 }] })),
      10,
    ),
    counts({ tokens: 10, mayNote: ['last_token_estimated'] }),
  ),
]

const inChoice = (fault: unknown) =>
  around([...words.slice(0, 2), choice({ content: '' }, null, { error: fault })])

/** Errors that have a place of their own in this format. */
const errors: Row[] = [
  row('error-in-choice', 'error_inside', inChoice({ code: 502, message: 'upstream' }), error),
  row('error-in-choice-text', 'error_inside', inChoice('upstream'), error),
  row(
    'error-in-choice-null',
    'noise',
    around([...words, choice({ content: '' }, null, { error: null })]),
    counts(),
  ),
  row(
    'error-beside-choices',
    'error_inside',
    around([...words, { ...word(odd), error: { message: 'm' } }]),
    error,
  ),
  row(
    'error-then-done',
    'error_inside',
    play([role, words[0]!, { error: { message: 'm', code: 400 } }, done]),
    error,
  ),
  row(
    'error-first',
    'error_inside',
    play([{ error: { message: 'm', type: 'overloaded' } }]),
    error,
  ),
  row(
    'error-429-inside',
    'error_inside',
    play([{ error: { message: 'slow down', code: 429 } }, done]),
    error,
  ),
]

/** What chat completions say in their frames. */
export const chatRows: readonly Row[] = [...finishes, ...usages, ...texts, ...choices, ...errors]
