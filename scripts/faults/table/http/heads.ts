import { atOnce, chunked, head, OK, only } from '../../answer.ts'
import { counts } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import { row, bad, type, CHUNKED, withHead, field } from './parts.ts'

const status = (line: string) => withHead((own) => head(line, own, CHUNKED))

/** Header lines (RFC 9112, 5). */
export const fields: readonly Row[] = [
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
export const statusLines: readonly Row[] = [
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
export const behind: readonly Row[] = [
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
