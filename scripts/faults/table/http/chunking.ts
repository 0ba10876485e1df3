import { chunk, chunked } from '../../answer.ts'
import type { Answer } from '../../answer.ts'
import { counts, fails } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import { row, bad, marked } from './parts.ts'

const size = (write: (hex: string) => string) => (answer: Answer) =>
  chunked(answer, {
    chunk: (text) => `${write(text.length.toString(16))}\r\n${text}\r\n`,
  })

/** The third chunk is spoilt, and nothing follows it. */
const spoilt = (write: (text: string) => string) => (answer: Answer) =>
  chunked(
    answer,
    { chunk: (text, i) => (i === 2 ? write(text) : chunk(text)), last: ' ' },
    answer.pieces.slice(0, 3),
  )

/** How a body is cut into chunks (RFC 9112, 7.1). */
export const chunking: readonly Row[] = [
  row('plain', 'as_specified', (answer) => chunked(answer), counts()),
  row(
    'size-upper-case',
    'as_specified',
    size((hex) => hex.toUpperCase()),
    counts(),
  ),
  row(
    'size-leading-zeros',
    'as_specified',
    size((hex) => `0000${hex}`),
    counts(),
  ),
  row(
    'size-blanks',
    'as_specified',
    size((hex) => `${hex} \t`),
    counts(),
  ),
  row(
    'extension',
    'as_specified',
    size((hex) => `${hex};a=b`),
    counts(),
  ),
  row(
    'extension-quoted',
    'as_specified',
    size((hex) => `${hex};a="x;y"`),
    counts(),
  ),
  row(
    'extension-4000',
    'as_specified',
    size((hex) => `${hex};${'x'.repeat(4000)}`),
    counts(),
  ),
  row(
    'extension-5000',
    'bad_http',
    size((hex) => `${hex};${'x'.repeat(5000)}`),
    bad,
  ),
  row(
    'trailers',
    'as_specified',
    (answer) => chunked(answer, { last: '0\r\nx-sum: 1\r\n\r\n' }),
    counts(),
  ),
  row(
    'trailer-malformed',
    'bad_http',
    (answer) => chunked(answer, { last: '0\r\nno colon\r\n\r\n' }),
    bad,
  ),
  row(
    'size-no-number',
    'bad_http',
    spoilt(() => 'xyz\r\n'),
    bad,
  ),
  row(
    'size-negative',
    'bad_http',
    spoilt((text) => `-5\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-0x',
    'bad_http',
    spoilt((text) => `0x5\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-plus',
    'bad_http',
    spoilt((text) => `+5\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-missing',
    'bad_http',
    spoilt((text) => `\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-overflow',
    'bad_http',
    spoilt((text) => `ffffffffffffffff\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-too-small',
    'bad_http',
    spoilt((text) => `3\r\n${text}\r\n`),
    bad,
  ),
  row(
    'size-lf-only',
    'bad_http',
    spoilt((text) => `${text.length.toString(16)}\n${text}\n`),
    fails('timeout', 'idle_timeout'),
  ),
  row(
    'body-not-chunked',
    'bad_http',
    (answer) => chunked(answer, { chunk: (text) => text, last: '\r\n\r\n' }),
    bad,
  ),
  row(
    'end-missing',
    'cut',
    (answer) => chunked(answer, { last: ' ', ends: 'close' }),
    marked('body_cut'),
  ),
]
