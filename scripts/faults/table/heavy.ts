import { head, OK, only } from '../answer.ts'
import { fails, group, NDJSON } from '../rows.ts'
import type { Row } from '../rows.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'

const row = group('endless', ['chat'])
const everywhere = group('endless', ['chat', ...NDJSON])

const PIECE = 'x'.repeat(64 * 1024)
const MIB = 16
/** Far more than any limit, after this head; the client is to leave long before. */
const endless = (start: string, piece: string, mib: number): Script => {
  const count = Math.ceil((mib * 2 ** 20) / piece.length)
  return script([
    { atMs: 0, bytes: start },
    ...Array.from({ length: count }, () => ({ atMs: 0, bytes: piece })),
  ])
}
const stream = head(OK, 'content-type: text/event-stream', 'transfer-encoding: chunked')
const closed = head(OK, 'content-type: text/event-stream')
const bad = fails('stream_error', 'bad_http')
const large = fails('stream_error', 'event_too_large')
const silent = fails('timeout', 'first_token_timeout')
const SOME = 8000

/** What never ends: refused at a limit, in bounded memory. */
export const heavyRows: readonly Row[] = [
  row('head', 'bad_http', () => endless(`${OK}\r\nx: `, PIECE, 8 * MIB), bad),
  row('fields', 'bad_http', () => endless(`${OK}\r\n`, 'x-a: b\r\n'.repeat(8000), 8 * MIB), bad),
  row('chunk-extension', 'bad_http', () => endless(`${stream}5;`, PIECE, 8 * MIB), bad),
  row('trailers', 'bad_http', () => endless(`${stream}0\r\nx: `, PIECE, 8 * MIB), bad),
  row('line', 'event_too_large', () => endless(closed, PIECE, 8 * MIB), large),
  row(
    'data-lines',
    'event_too_large',
    () => endless(closed, `data: ${'x'.repeat(1000)}\n`.repeat(64), 8 * MIB),
    large,
  ),
  row(
    'one-chunk',
    'event_too_large',
    () => endless(`${stream}fffffff\r\ndata: `, PIECE, 8 * MIB),
    large,
  ),
  row(
    'error-body',
    'http_status',
    () => endless(head('HTTP/1.1 500 No', 'content-length: 99999999'), PIECE, 2 * MIB),
    fails('http_error', 'http_500'),
  ),
  row(
    '1xx',
    'bad_http',
    () => endless('', head('HTTP/1.1 102 Processing').repeat(1000), 4 * MIB),
    bad,
  ),
  row('comments', 'silence', () => endless(closed, ': ping\n\n'.repeat(SOME), 4 * MIB), silent),
  row(
    'pings',
    'silence',
    () => endless(closed, 'event: ping\ndata: {}\n\n'.repeat(SOME), 8 * MIB),
    silent,
  ),
  everywhere(
    'blank-lines',
    'silence',
    () => endless(closed, '\n'.repeat(PIECE.length), 16 * MIB),
    silent,
  ),
  everywhere(
    'blank-lines-crlf',
    'silence',
    () => endless(closed, '\r\n'.repeat(PIECE.length / 2), 16 * MIB),
    silent,
  ),
  everywhere(
    'chunks-of-a-line-end',
    'silence',
    () => endless(stream, '1\r\n\n\r\n'.repeat(SOME), 16 * MIB),
    silent,
  ),
  row(
    'closed-behind-limit',
    'event_too_large',
    () => only(closed + 'x'.repeat(1_200_000), 'close'),
    large,
  ),
]
