import { counts, fails, noted } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import {
  play,
  choice,
  role,
  word,
  words,
  usage,
  total,
  done,
  stop,
  around,
  row,
  ending,
  empty,
  odd,
} from './parts.ts'

const aborted = fails('truncated', 'finish_abort')

const filtered = fails('truncated', 'content_filter')

const broken = fails('stream_error', 'finish_error')

const error = fails('stream_error', 'error_event')

/** Why an answer ended. */
export const finishes: readonly Row[] = [
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

/** How many choices there are. */
export const choices: readonly Row[] = [
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
export const errors: readonly Row[] = [
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
