import { gzipSync } from 'node:zlib'
import { atOnce, chunk, chunked, head, OK, only } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { but, counts, fails, group, noted, SSE, STREAMS } from '../rows.ts'
import type { Row } from '../rows.ts'

const row = group('body', STREAMS)
const encoded = fails('stream_error', 'content_encoding')
const other = fails('stream_error', 'not_streaming')

const labelled =
  (...fields: string[]) =>
  (answer: Answer) =>
    chunked(answer, { head: head(OK, 'transfer-encoding: chunked', ...fields) })
const whole =
  (type: string, body: string, status = OK) =>
  () =>
    only(head(status, `content-type: ${type}`, `content-length: ${body.length}`) + body)
const gzip = (answer: Answer) =>
  atOnce(answer, (body) => {
    const packed = gzipSync(Buffer.from(body, 'latin1')).toString('latin1')
    return `${head(OK, `content-type: ${answer.contentType}`, 'content-encoding: gzip', `content-length: ${packed.length}`)}${packed}`
  })
/** NDJSON is told by its lines, whatever its label; a JSON label is even Ollama's own for whole answers. */
const byLabel = (format: string) =>
  (SSE as readonly string[]).includes(format) ? noted('content_type') : counts()

/** Labels and codings of the body. */
const labels: Row[] = [
  row('gzip', 'content_encoding', gzip, encoded),
  row(
    'gzip-said-only',
    'content_encoding',
    (answer) => labelled(`content-type: ${answer.contentType}`, 'content-encoding: gzip')(answer),
    encoded,
  ),
  row(
    'brotli-said',
    'content_encoding',
    (answer) => labelled(`content-type: ${answer.contentType}`, 'content-encoding: br')(answer),
    encoded,
  ),
  row(
    'zstd-said',
    'content_encoding',
    (answer) => labelled(`content-type: ${answer.contentType}`, 'content-encoding: zstd')(answer),
    encoded,
  ),
  row(
    'coding-identity',
    'as_specified',
    (answer) =>
      labelled(`content-type: ${answer.contentType}`, 'content-encoding: identity')(answer),
    counts(),
  ),
  row('type-missing', 'as_specified', labelled(), counts()),
  row(
    'type-charset',
    'as_specified',
    (answer) => labelled(`content-type: ${answer.contentType}; charset=utf-8`)(answer),
    counts(),
  ),
  row(
    'type-charset-wrong',
    'as_specified',
    (answer) => labelled(`content-type: ${answer.contentType}; charset=iso-8859-1`)(answer),
    counts(),
  ),
  row(
    'type-upper-case',
    'as_specified',
    (answer) => labelled(`Content-Type: ${answer.contentType.toUpperCase()}`)(answer),
    counts(),
  ),
  row('type-text', 'content_type', labelled('content-type: text/plain'), byLabel),
  row('type-html', 'content_type', labelled('content-type: text/html'), byLabel),
  row('type-json', 'content_type', labelled('content-type: application/json'), byLabel),
  row('type-binary', 'content_type', labelled('content-type: application/octet-stream'), byLabel),
]

const NO_MARKER = but(fails('truncated', 'no_terminator'), {
  triton: fails('empty', 'empty_answer'),
})
const page = '<!doctype html><title>Sign in</title><h1>Please sign in</h1>'

/** Something else in the place of a stream. */
const instead: Row[] = [
  row('html', 'not_streaming', whole('text/html', page), other),
  row('html-labelled-stream', 'not_streaming', whole('text/event-stream', page), other),
  row('html-many-lines', 'not_streaming', whole('text/html', page.replaceAll('><', '>\n<')), other),
  row('json-whole', 'not_streaming', (answer) => whole('application/json', answer.whole)(), other),
  row(
    'json-foreign',
    'not_streaming',
    whole('application/json', '{"status":"ok","queue":3}'),
    // One more line of NDJSON, and none that ends an answer.
    but(other, {
      'ollama-chat': fails('truncated', 'no_terminator'),
      'ollama-generate': fails('truncated', 'no_terminator'),
    }),
  ),
  row('text', 'not_streaming', whole('text/plain', 'no healthy upstream'), other),
  row(
    'error-json',
    'error_inside',
    (answer) => whole('application/json', answer.errorBody)(),
    fails('stream_error', 'error_event'),
  ),
  row(
    'error-json-pretty',
    'error_inside',
    whole('application/json', '{\n  "error": {\n    "message": "m"\n  }\n}'),
    fails('stream_error', 'error_event'),
  ),
  row('empty', 'ended_early', (answer) => whole(answer.contentType, '')(), NO_MARKER),
  row('empty-chunked', 'ended_early', (answer) => chunked(answer, {}, []), NO_MARKER),
  row('204', 'ended_early', () => only(head('HTTP/1.1 204 No Content')), NO_MARKER),
  row(
    'blank-lines-only',
    'ended_early',
    (answer) => whole(answer.contentType, '\n\n\n\n')(),
    NO_MARKER,
  ),
]

const BODIES: Record<string, string> = {
  empty: '',
  html: '<html><head><title>Bad Gateway</title></head><body>nginx</body></html>',
  text: 'upstream connect error or disconnect/reset before headers',
  nested: `${'{"error":'.repeat(2000)}1${'}'.repeat(2000)}`,
  utf8: '{"error":{"message":"\xe9\x94\x99\xe8\xaf\xaf"}}',
  invalid: '\xff\xfe{"error',
  '100kB': `{"error":{"message":"${'m'.repeat(100_000)}"}}`,
}
const STATUSES = [
  ...[
    400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 424, 425, 426, 429, 431,
    451, 498, 499,
  ],
  ...[500, 501, 502, 503, 504, 507, 508, 511, 520, 521, 522, 524, 525, 529, 530, 599, 600, 999],
]
const REDIRECTS = [300, 301, 302, 303, 305, 307, 308]

/** Every status but 2xx. */
const refusals: Row[] = [
  ...STATUSES.map((code) =>
    row(
      `status-${code}`,
      'http_status',
      (answer) => whole('application/json', answer.errorBody, `HTTP/1.1 ${code} No`)(),
      fails('http_error', `http_${code}`),
    ),
  ),
  ...REDIRECTS.map((code) =>
    row(
      `status-${code}`,
      'http_status',
      () =>
        only(
          head(`HTTP/1.1 ${code} Moved`, 'location: https://example.org/v1', 'content-length: 0'),
        ),
      fails('http_error', `http_${code}`),
    ),
  ),
  row(
    'status-304',
    'http_status',
    () => only(head('HTTP/1.1 304 Not Modified')),
    fails('http_error', 'http_304'),
  ),
  ...Object.entries(BODIES).map(([name, body]) =>
    row(
      `error-body-${name}`,
      'http_status',
      whole('text/plain', body, 'HTTP/1.1 502 Bad Gateway'),
      fails('http_error', 'http_502'),
    ),
  ),
  row(
    'error-chunked',
    'http_status',
    (answer) =>
      only(
        head('HTTP/1.1 503 Busy', 'transfer-encoding: chunked') +
          chunk(answer.errorBody) +
          '0\r\n\r\n',
      ),
    fails('http_error', 'http_503'),
  ),
  row(
    'error-until-closed',
    'http_status',
    (answer) => only(head('HTTP/1.1 503 Busy') + answer.errorBody, 'close'),
    fails('http_error', 'http_503'),
  ),
  row(
    'error-body-cut',
    'http_status',
    () => only(`${head('HTTP/1.1 500 Oops', 'content-length: 100')}half of`, 'close'),
    fails('http_error', 'http_500'),
  ),
  row(
    'error-body-never-ends',
    'http_status',
    () => only(`${head('HTTP/1.1 500 Oops', 'content-length: 100')}half of`),
    fails('http_error', 'http_500'),
  ),
  row(
    'error-body-gzip',
    'http_status',
    () => only(`${head('HTTP/1.1 500 Oops', 'content-encoding: gzip', 'content-length: 3')}abc`),
    fails('http_error', 'http_500'),
  ),
]

/** Bodies and labels, in every wire format. */
export const bodyRows: readonly Row[] = [...labels, ...instead, ...refusals]
