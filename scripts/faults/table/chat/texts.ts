import { counts } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import {
  play,
  choice,
  word,
  words,
  total,
  done,
  stop,
  around,
  deltas,
  row,
  empty,
  content,
  odd,
} from './parts.ts'

const call = (fields: object) => ({ tool_calls: [{ index: 0, ...fields }] })

/** What a delta holds. */
export const texts: readonly Row[] = [
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
