import { atOnce, head, OK, plainly } from '../../answer.ts'
import type { Answer } from '../../answer.ts'
import { but, counts, fails } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import { row, bad, marked, type, CHUNKED, withHead, field } from './parts.ts'

const sized = (fieldOf: (length: number) => string, ends?: 'close') => (answer: Answer) =>
  atOnce(answer, (body) => head(OK, type(answer), fieldOf(body.length)) + body, ends)

/** How long a body is (RFC 9112, 6). */
export const lengths: readonly Row[] = [
  row(
    'length',
    'as_specified',
    sized((n) => `content-length: ${n}`),
    counts(),
  ),
  row(
    'length-twice-equal',
    'as_specified',
    sized((n) => `content-length: ${n}\r\nContent-Length: ${n}`),
    counts(),
  ),
  row(
    'length-list-equal',
    'as_specified',
    sized((n) => `content-length: ${n}, ${n}`),
    counts(),
  ),
  row(
    'length-leading-zeros',
    'as_specified',
    sized((n) => `content-length: 000${n}`),
    counts(),
  ),
  row(
    'length-twice-different',
    'bad_http',
    sized((n) => `content-length: ${n}\r\ncontent-length: 5`),
    bad,
  ),
  row(
    'length-negative',
    'bad_http',
    sized(() => 'content-length: -5'),
    bad,
  ),
  row(
    'length-plus',
    'bad_http',
    sized((n) => `content-length: +${n}`),
    bad,
  ),
  row(
    'length-unit',
    'bad_http',
    sized((n) => `content-length: ${n}b`),
    bad,
  ),
  row(
    'length-empty',
    'bad_http',
    sized(() => 'content-length:'),
    bad,
  ),
  row(
    'length-float',
    'bad_http',
    sized((n) => `content-length: ${n}.0`),
    bad,
  ),
  row(
    'length-hex',
    'bad_http',
    sized((n) => `content-length: 0x${n.toString(16)}`),
    bad,
  ),
  row(
    'length-31-digits',
    'bad_http',
    sized(() => `content-length: 1${'0'.repeat(30)}`),
    bad,
  ),
  row(
    'length-too-large-closed',
    'cut',
    sized((n) => `content-length: ${n + 50}`, 'close'),
    marked('body_cut'),
  ),
  row(
    'length-too-large-open',
    'left_open',
    sized((n) => `content-length: ${n + 50}`),
    but(counts({ notes: ['left_open'] }), { triton: fails('timeout', 'idle_timeout') }),
  ),
  row(
    'length-zero',
    'ended_early',
    sized(() => 'content-length: 0', 'close'),
    but(fails('truncated', 'no_terminator'), { triton: fails('empty', 'empty_answer') }),
  ),
  row('length-and-chunked', 'as_specified', field('content-length: 3'), counts()),
  row(
    'coding-upper-case',
    'as_specified',
    withHead((own) => head(OK, own, 'Transfer-Encoding: Chunked')),
    counts(),
  ),
  row(
    'coding-gzip-chunked',
    'bad_http',
    withHead((own) => head(OK, own, 'transfer-encoding: gzip, chunked')),
    bad,
  ),
  row(
    'coding-twice',
    'bad_http',
    withHead((own) => head(OK, own, CHUNKED, CHUNKED)),
    bad,
  ),
  row(
    'coding-identity',
    'bad_http',
    withHead((own) => head(OK, own, 'transfer-encoding: identity')),
    bad,
  ),
  row(
    'until-closed',
    'as_specified',
    (answer) => plainly(answer, head(OK, type(answer)), 'close'),
    counts(),
  ),
  row(
    'until-closed-1.0',
    'as_specified',
    (answer) => plainly(answer, head('HTTP/1.0 200 OK', type(answer)), 'close'),
    counts(),
  ),
  row(
    '1.0-keep-alive',
    'as_specified',
    (answer) =>
      atOnce(
        answer,
        (body) =>
          head(
            'HTTP/1.0 200 OK',
            type(answer),
            'connection: keep-alive',
            `content-length: ${body.length}`,
          ) + body,
      ),
    counts(),
  ),
  row(
    'until-closed-left-open',
    'left_open',
    (answer) => plainly(answer, head(OK, type(answer))),
    but(counts({ notes: ['left_open'] }), { triton: fails('timeout', 'idle_timeout') }),
  ),
]
