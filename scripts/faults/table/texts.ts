import { encodeUtf8 } from '../../../lib/http/index.ts'
import { chunked, frameOf, framed } from '../answer.ts'
import type { Answer, Piece } from '../answer.ts'
import { counts, group, STREAMS } from '../rows.ts'
import type { Row } from '../rows.ts'

const row = group('json', STREAMS)

/** JSON of every event written in another way; a terminal marker that is no JSON stays. */
const rewritten = (change: (json: string) => string) => (answer: Answer) =>
  chunked(
    answer,
    {},
    framed(answer, (event) => {
      const data = event.data.startsWith('{') ? change(event.data) : event.data
      return frameOf(answer, { ...event, data })
    }),
  )
const parsed = (change: (frame: Record<string, unknown>) => unknown) =>
  rewritten((json) => JSON.stringify(change(JSON.parse(json) as Record<string, unknown>)))
const member = (text: string) => rewritten((json) => json.replace('{', `{${text},`))
/** The text of the tokens, whatever member holds it. */
const worded = (words: (word: string) => string) =>
  rewritten((json) => json.replaceAll(/(?<=" ?)(one|two|three|four|five)/g, words))
/** Bytes in the place of the third word, which JSON.stringify would not write. */
const raw = (text: string) => (answer: Answer) =>
  chunked(
    answer,
    {},
    answer.pieces.map((piece): Piece => ({ ...piece, text: piece.text.replaceAll('three', text) })),
  )

/** JSON that says the same (RFC 8259), and texts of every kind. */
export const jsonRows: readonly Row[] = [
  row(
    'blanks',
    'as_specified',
    rewritten((json) => json.replaceAll(/([,:])(?=["{[\dntf])/g, '$1 ')),
    counts(),
  ),
  row(
    'keys-in-reverse',
    'as_specified',
    parsed((frame) => Object.fromEntries(Object.entries(frame).reverse())),
    counts(),
  ),
  row(
    'escapes',
    'as_specified',
    worded((word) => word.replaceAll(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)),
    counts(),
  ),
  row(
    'escaped-slash',
    'as_specified',
    worded(() => '\\/'),
    counts(),
  ),
  row(
    'escaped-quotes',
    'as_specified',
    worded(() => '\\"a\\": \\"b\\\\'),
    counts(),
  ),
  row(
    'nul',
    'as_specified',
    worded(() => '\\u0000'),
    counts(),
  ),
  row(
    'lone-surrogate',
    'as_specified',
    worded(() => '\\ud83d'),
    counts(),
  ),
  row(
    'surrogate-pair',
    'as_specified',
    worded(() => '\\ud83d\\ude00'),
    counts(),
  ),
  row('utf8', 'as_specified', raw(encodeUtf8('é漢😀')), counts()),
  row('utf8-invalid', 'as_specified', raw('\xff\xfe'), counts()),
  row('utf8-overlong', 'as_specified', raw('\xc0\xaf'), counts()),
  row('utf8-surrogate', 'as_specified', raw('\xed\xa0\x80'), counts()),
  row('line-separator', 'as_specified', raw(encodeUtf8('\u2028')), counts()),
  row(
    'looks-like-event',
    'as_specified',
    worded(() => 'data: [DONE]\\n\\n'),
    counts(),
  ),
  row(
    'looks-like-json',
    'as_specified',
    worded(() => '{\\"content\\":\\"x\\",\\"error\\":\\"y\\"}'),
    counts(),
  ),
  row(
    'text-100kB',
    'as_specified',
    worded((word) => (word === 'three' ? 'w'.repeat(100_000) : word)),
    counts(),
  ),
  row('proto', 'as_specified', member('"__proto__":{"a":1}'), counts()),
  row('constructor', 'as_specified', member('"constructor":null,"toString":1'), counts()),
  row(
    'number-exact',
    'as_specified',
    member('"x":9007199254740993,"y":18446744073709551615'),
    counts(),
  ),
  row(
    'member-nested-500',
    'as_specified',
    member(`"x":${'['.repeat(500)}${']'.repeat(500)}`),
    counts(),
  ),
  row('member-20kB', 'as_specified', member(`"x":"${'v'.repeat(20_000)}"`), counts()),
  row(
    'members-1000',
    'as_specified',
    member(Array.from({ length: 1000 }, (_, i) => `"k${i}":null`).join(',')),
    counts(),
  ),
  row('member-twice', 'as_specified', member('"model":"a","model":"b"'), counts()),
]
