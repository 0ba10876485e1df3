import { atOnce, chunk, chunked, head, OK, only, plainly } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { but, counts, fails, group, STREAMS } from '../rows.ts'
import type { Row } from '../rows.ts'

const row = group('http', STREAMS)
const bad = fails('stream_error', 'bad_http')
/** Without its own end only a terminal marker tells that an answer is whole, and Triton has none. */
const marked = (cut: string) => but(counts(), { triton: fails('truncated', cut) })

const type = (answer: Answer) => `content-type: ${answer.contentType}`
const CHUNKED = 'transfer-encoding: chunked'
const withHead = (make: (type: string) => string) => (answer: Answer) =>
  chunked(answer, { head: make(type(answer)) })
const field = (...fields: string[]) => withHead((own) => head(OK, own, CHUNKED, ...fields))
const status = (line: string) => withHead((own) => head(line, own, CHUNKED))
const sized = (fieldOf: (length: number) => string, ends?: 'close') => (answer: Answer) =>
  atOnce(answer, (body) => head(OK, type(answer), fieldOf(body.length)) + body, ends)
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
const chunking: Row[] = [
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

/** How long a body is (RFC 9112, 6). */
const lengths: Row[] = [
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

/** Header lines (RFC 9112, 5). */
const fields: Row[] = [
  row('folded', 'bad_http', field('x-long: a', ' b'), bad),
  row('no-colon', 'bad_http', field('nonsense'), bad),
  row('blank-before-colon', 'bad_http', field('x-a : 1'), bad),
  row('name-empty', 'bad_http', field(': 1'), bad),
  row('name-not-ascii', 'bad_http', field('x-\xc3\xa9: 1'), bad),
  row('value-not-ascii', 'as_specified', field('x-a: caf\xc3\xa9'), counts()),
  row('value-latin1', 'as_specified', field('x-a: caf\xe9'), counts()),
  row('value-empty', 'as_specified', field('x-a:', 'x-b: '), counts()),
  row('value-nul', 'bad_http', field('x-a: a\0b'), bad),
  row('value-cr', 'bad_http', field('x-a: a\rb'), bad),
  row('value-40kB', 'as_specified', field(`x-a: ${'v'.repeat(40_000)}`), counts()),
  row('head-70kB', 'bad_http', field(`x-a: ${'v'.repeat(70_000)}`), bad),
  row(
    'fields-1000',
    'as_specified',
    field(...Array.from({ length: 1000 }, (_, i) => `x-${i}: v`)),
    counts(),
  ),
  row(
    'fields-10000',
    'bad_http',
    field(...Array.from({ length: 10_000 }, (_, i) => `x-${i}: v`)),
    bad,
  ),
  row(
    'names-of-objects',
    'as_specified',
    field('__proto__: x', 'constructor: y', 'toString: z'),
    counts(),
  ),
  row('cookies', 'as_specified', field('set-cookie: a=1', 'set-cookie: b=2'), counts()),
  row(
    'lf-only',
    'as_specified',
    withHead((own) => head(OK, own, CHUNKED).replaceAll('\r', '')),
    counts(),
  ),
  row('connection-close', 'as_specified', field('connection: close'), counts()),
  row('connection-odd', 'as_specified', field('connection: x, keep-alive, Upgrade'), counts()),
  row('keep-alive-0', 'as_specified', field('keep-alive: timeout=0, max=1'), counts()),
]

/** Status lines, and what comes before them (RFC 9112, 4; RFC 9110, 15.2). */
const statusLines: Row[] = [
  row('no-reason', 'as_specified', status('HTTP/1.1 200 '), counts()),
  row('no-reason-no-blank', 'as_specified', status('HTTP/1.1 200'), counts()),
  row('reason-not-ascii', 'as_specified', status('HTTP/1.1 200 \xe5\xa5\xbd'), counts()),
  row('status-206', 'as_specified', status('HTTP/1.1 206 Partial Content'), counts()),
  row('status-201', 'as_specified', status('HTTP/1.1 201 Created'), counts()),
  row('version-lower-case', 'bad_http', status('http/1.1 200 OK'), bad),
  row('version-1.2', 'bad_http', status('HTTP/1.2 200 OK'), bad),
  row('version-2', 'bad_http', status('HTTP/2 200'), bad),
  row('icy', 'bad_http', status('ICY 200 OK'), bad),
  row('status-2-digits', 'bad_http', status('HTTP/1.1 20 OK'), bad),
  row('status-4-digits', 'bad_http', status('HTTP/1.1 2000 OK'), bad),
  row('status-no-number', 'bad_http', status('HTTP/1.1 abc OK'), bad),
  row('two-blanks', 'bad_http', status('HTTP/1.1  200 OK'), bad),
  row(
    'empty-line-before',
    'bad_http',
    (answer) => chunked(answer, { head: `\r\n${head(OK, type(answer), CHUNKED)}` }),
    bad,
  ),
  row(
    '100',
    'as_specified',
    withHead((own) => head('HTTP/1.1 100 Continue') + head(OK, own, CHUNKED)),
    counts(),
  ),
  row(
    '102',
    'as_specified',
    withHead((own) => head('HTTP/1.1 102 Processing') + head(OK, own, CHUNKED)),
    counts(),
  ),
  row(
    '103',
    'as_specified',
    withHead((own) => head('HTTP/1.1 103 Early Hints', 'link: </a.css>') + head(OK, own, CHUNKED)),
    counts(),
  ),
  row(
    'ten-1xx',
    'as_specified',
    withHead((own) => head('HTTP/1.1 102 Processing').repeat(10) + head(OK, own, CHUNKED)),
    counts(),
  ),
  row(
    '101',
    'bad_http',
    () => only(head('HTTP/1.1 101 Switching Protocols', 'upgrade: websocket')),
    bad,
  ),
  row('http2-settings', 'bad_http', () => only('\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80'), bad),
  row('tls-alert', 'bad_http', () => only('\x15\x03\x01\x00\x02\x02\x50'), bad),
  row('ssh', 'bad_http', () => only('SSH-2.0-OpenSSH_9.6\r\n'), bad),
  row('redis', 'bad_http', () => only('-ERR unknown command\r\n'), bad),
  row('json-without-head', 'bad_http', () => only('{"error":"no route"}\n'), bad),
  row(
    'html-without-head',
    'bad_http',
    () => only('<html>400 The plain HTTP request was sent to HTTPS port</html>'),
    bad,
  ),
  row(
    'binary',
    'bad_http',
    () => only(Array.from({ length: 256 }, (_, i) => String.fromCharCode(255 - i)).join('')),
    bad,
  ),
]

/** What follows an answer (RFC 9112, 9.3). */
const behind: Row[] = [
  row(
    'garbage-behind-chunks',
    'after_marker',
    (answer) => chunked(answer, { last: '0\r\n\r\ngarbage' }),
    counts(),
  ),
  row(
    'second-answer-behind',
    'after_marker',
    (answer) => chunked(answer, { last: `0\r\n\r\n${head(OK, 'content-length: 2')}ok` }),
    counts(),
  ),
  row(
    'garbage-behind-length',
    'after_marker',
    (answer) =>
      atOnce(
        answer,
        (body) => `${head(OK, type(answer), `content-length: ${body.length}`)}${body}\r\n\r\n`,
      ),
    counts(),
  ),
  row('closed-unsaid', 'as_specified', (answer) => chunked(answer, { ends: 'close' }), counts()),
  row('reset-behind', 'as_specified', (answer) => chunked(answer, { ends: 'reset' }), counts()),
]

/** HTTP/1.1, in every wire format. */
export const httpRows: readonly Row[] = [
  ...chunking,
  ...lengths,
  ...fields,
  ...statusLines,
  ...behind,
]
