import { encodeUtf8 } from '../../../lib/http/index.ts'
import type { StreamEvent } from '../../../simulator/index.ts'
import { chunked, framed, frameOf } from '../answer.ts'
import type { Answer, Piece } from '../answer.ts'
import { but, counts, fails, group, NDJSON, SSE, STREAMS } from '../rows.ts'
import type { Expected, Row } from '../rows.ts'
import type { Script } from '../script.ts'

const sse = group('events', SSE)
const any = group('events', STREAMS)
const lines = group('lines', NDJSON)

type Frame = (event: StreamEvent, index: number) => string

/** Every event written in another way. */
const written = (frame: Frame) => (answer: Answer) => chunked(answer, {}, framed(answer, frame))
const changed =
  (change: (text: string, index: number, event: StreamEvent) => string) => (answer: Answer) =>
    chunked(
      answer,
      {},
      framed(answer, (event, i) => change(frameOf(answer, event), i, event)),
    )
/** Something between the second and the third token, and something behind all. */
const between = (extra: string | ((answer: Answer) => string)) => (answer: Answer) =>
  insert(answer, extra, 2)
const behind = (extra: string) => (answer: Answer) => insert(answer, extra, Infinity)

function insert(answer: Answer, extra: string | ((answer: Answer) => string), at: number): Script {
  const text = encodeUtf8(typeof extra === 'string' ? extra : extra(answer))
  const pieces = [...answer.pieces]
  const place = Math.min(
    pieces.filter(({ token }) => !token).length > 1 ? at + 1 : at,
    pieces.length,
  )
  const { atMs } = pieces[place - 1]!
  pieces.splice(place, 0, { atMs, text, token: false })
  const made = chunked(answer, {}, pieces)
  // Reading so much takes the client's own time.
  return text.length < 4096 ? made : { ...made, lastTokenMs: undefined }
}

const name = ({ event }: StreamEvent, eol: string) =>
  event === undefined ? '' : `event: ${event}${eol}`
const ends = (eol: string) =>
  written((event) => `${name(event, eol)}data: ${event.data}${eol}${eol}`)
const join = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('')
const malformed = (n: number): Expected => counts({ malformed: n })
const failed = fails('stream_error', 'error_event')

/** Lines, fields and comments (WHATWG HTML, 9.2.6). */
const fields: Row[] = [
  sse('crlf', 'as_specified', ends('\r\n'), counts()),
  sse('cr', 'as_specified', ends('\r'), counts()),
  sse(
    'line-ends-in-turn',
    'as_specified',
    written(
      (event, i) =>
        `${name(event, ['\n', '\r\n', '\r'][i % 3]!)}data: ${event.data}${['\n', '\r\n', '\r'][i % 3]!.repeat(2)}`,
    ),
    counts(),
  ),
  sse(
    'no-space',
    'as_specified',
    written((event) => `${name(event, '\n')}data:${event.data}\n\n`),
    counts(),
  ),
  sse(
    'two-spaces',
    'as_specified',
    written((event) => `${name(event, '\n')}data:  ${event.data}\n\n`),
    counts(),
  ),
  sse(
    'tab',
    'as_specified',
    written((event) => `${name(event, '\n')}data:\t${event.data}\n\n`),
    counts(),
  ),
  sse(
    'bom',
    'as_specified',
    changed((text, i) => (i === 0 ? `\ufeff${text}` : text)),
    counts(),
  ),
  sse(
    'leading-blank-lines',
    'as_specified',
    changed((text, i) => (i === 0 ? `\n\n\n${text}` : text)),
    counts(),
  ),
  sse(
    'many-blank-lines',
    'as_specified',
    changed((text) => `${text}\n\n\n`),
    counts(),
  ),
  sse(
    'comments',
    'as_specified',
    changed((text) => `: a comment\n${text}:\n\n`),
    counts(),
  ),
  sse('comment-60kB', 'as_specified', between(`: ${'c'.repeat(60_000)}\n\n`), counts()),
  sse('comment-nul', 'as_specified', between(': a\0b\n\n'), counts()),
  sse(
    'ids',
    'as_specified',
    changed((text, i) => `id: ${i}\n${text}`),
    counts(),
  ),
  sse(
    'id-100kB',
    'as_specified',
    changed((text, i) => (i === 2 ? `id: ${'9'.repeat(100_000)}\n${text}` : text)),
    counts(),
  ),
  sse(
    'id-nul',
    'as_specified',
    changed((text) => `id: a\0b\n${text}`),
    counts(),
  ),
  sse(
    'retry',
    'as_specified',
    changed((text) => `retry: 3000\n${text}`),
    counts(),
  ),
  sse(
    'retry-no-number',
    'as_specified',
    changed((text) => `retry: soon\n${text}`),
    counts(),
  ),
  sse(
    'fields-unknown',
    'as_specified',
    changed((text) => `foo: bar\nbaz\n${text}`),
    counts(),
  ),
  sse(
    'fields-without-colon',
    'as_specified',
    changed((text) => `id\nretry\n${text}`),
    counts(),
  ),
  sse(
    'data-on-two-lines',
    'as_specified',
    written(
      (event) =>
        `${name(event, '\n')}${split(event.data)
          .map((line) => `data: ${line}\n`)
          .join('')}\n`,
    ),
    counts(),
  ),
  sse(
    'last-event-unclosed',
    'as_specified',
    (answer) => chunked(answer, {}, trimmed(answer.pieces)),
    // Its answers end with their body, and this one ends inside an event.
    but(counts(), { triton: fails('truncated', 'no_terminator') }),
  ),
  sse(
    'byte-by-byte',
    'as_specified',
    (answer) => chunked(answer, {}, bytes(answer.pieces)),
    counts(),
  ),
  any(
    'two-writes-an-event',
    'as_specified',
    (answer) => chunked(answer, {}, halves(answer.pieces)),
    counts(),
  ),
  any(
    'all-in-one-write',
    'as_specified',
    (answer) => chunked(answer, {}, [{ atMs: 40, text: join(answer.pieces), token: true }]),
    counts(),
  ),
]

/** JSON may have a line end wherever it may have a blank: behind its first comma. */
function split(data: string): string[] {
  const at = data.startsWith('{') ? data.indexOf(',') + 1 : 0
  return at === 0 ? [data] : [data.slice(0, at), data.slice(at)]
}
function trimmed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, i) =>
    i === pieces.length - 1 ? { ...piece, text: piece.text.trimEnd() } : piece,
  )
}
function bytes(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece) => piece.text.split('').map((text) => ({ ...piece, text })))
}
function halves(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece) => {
    const at = Math.ceil(piece.text.length / 2)
    return [
      { ...piece, text: piece.text.slice(0, at) },
      { ...piece, text: piece.text.slice(at) },
    ]
  })
}

/** Events that are no part of the answer. */
const noise: Row[] = [
  sse(
    'ping-comment',
    'noise',
    changed((text) => `: ping\n\n${text}`),
    counts(),
  ),
  sse('ping-event', 'noise', between('event: ping\ndata: {"type":"ping"}\n\n'), counts()),
  sse('ping-text', 'noise', between('event: ping\ndata: ping\n\n'), counts()),
  sse('heartbeat', 'noise', between('event: heartbeat\ndata: {}\n\n'), counts()),
  sse('heartbeat-typed', 'noise', between('data: {"type":"heartbeat"}\n\n'), counts()),
  sse('data-empty', 'noise', between('data:\n\n'), counts()),
  sse('data-blank', 'noise', between('data: \n\n'), counts()),
  sse(
    'foreign-event',
    'noise',
    between('event: metadata\ndata: {"conversation_id":"abc"}\n\n'),
    counts(),
  ),
  sse('foreign-cost', 'noise', behind('event: cost\ndata: {"cost":"0.0001"}\n\n'), counts()),
  sse('event-without-data', 'noise', between('event: nothing\n\n'), counts()),
  sse('done-twice', 'noise', behind('data: [DONE]\n\n'), counts()),
  sse('done-blank-behind', 'noise', behind('data: [DONE] \n\n'), counts()),
]

/** Events that cannot be read. */
const unreadable: Row[] = [
  any('json-cut', 'malformed', between(wrap('{"choices":[{"index":0,')), malformed(1)),
  any('json-comma', 'malformed', between(wrap('{"a":1,}')), malformed(1)),
  any('json-quotes', 'malformed', between(wrap("{'a':1}")), malformed(1)),
  any('json-nan', 'malformed', between(wrap('{"a":NaN}')), malformed(1)),
  any('json-array', 'malformed', between(wrap('[1,2]')), malformed(1)),
  any('json-null', 'malformed', between(wrap('null')), malformed(1)),
  any('json-number', 'malformed', between(wrap('17')), malformed(1)),
  any('json-text', 'malformed', between(wrap('"token"')), malformed(1)),
  any('json-foreign', 'malformed', between(wrap('{"foo":{"bar":1}}')), malformed(1)),
  any(
    'json-nested-5000',
    'malformed',
    between(wrap(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)),
    malformed(1),
  ),
  any('json-brackets-400k', 'malformed', between(wrap('['.repeat(400_000))), malformed(1)),
  any('json-control-character', 'malformed', between(wrap('{"a":"b\u0001"}')), malformed(1)),
  any(
    'utf8-invalid',
    'malformed',
    (answer) => chunked(answer, {}, withInvalid(answer)),
    malformed(1),
  ),
  any('event-900kB', 'malformed', between(wrap('x'.repeat(900_000))), malformed(1)),
  any(
    'event-over-1MiB',
    'event_too_large',
    between(wrap('x'.repeat(1_100_000))),
    fails('stream_error', 'event_too_large'),
  ),
  any(
    'line-without-end',
    'event_too_large',
    between('x'.repeat(1_100_000)),
    fails('stream_error', 'event_too_large'),
  ),
]

function wrap(data: string): (answer: Answer) => string {
  return (answer) => frameOf(answer, { data })
}
function withInvalid(answer: Answer): Piece[] {
  const text = frameOf(answer, { data: '\xff\xfe{' })
  const [first, ...rest] = answer.pieces
  return [first!, { atMs: first!.atMs, text, token: false }, ...rest]
}

/** Errors in the middle of a stream. */
const errors: Row[] = [
  any(
    'error-own-words',
    'error_inside',
    between((answer) => frameOf(answer, answer.error)),
    failed,
  ),
  any(
    'error-object',
    'error_inside',
    between(wrap('{"error":{"message":"boom","type":"t"}}')),
    failed,
  ),
  any('error-text', 'error_inside', between(wrap('{"error":"boom"}')), failed),
  any('error-without-words', 'error_inside', between(wrap('{"error":{"code":500}}')), failed),
  any('error-flat', 'error_inside', between(wrap('{"message":"full","code":503}')), failed),
  any('error-status', 'error_inside', between(wrap('{"status":"error","msg":"gone"}')), failed),
  any(
    'error-object-name',
    'error_inside',
    between(wrap('{"object":"error","message":"old vLLM"}')),
    failed,
  ),
  any('error-detail', 'error_inside', between(wrap('{"detail":"not found"}')), failed),
  any('error-behind-all', 'error_inside', behindAll, failed),
  any(
    'error-empty-text',
    'noise',
    changed((text) => text.replace(/\{(?=")/, '{"error":"",')),
    counts(),
  ),
  any(
    'error-null',
    'noise',
    changed((text) => text.replace(/\{(?=")/, '{"error":null,')),
    counts(),
  ),
  any(
    'error-empty-object',
    'noise',
    changed((text) => text.replace(/\{(?=")/, '{"error":{},')),
    counts(),
  ),
  sse('error-event-text', 'error_inside', between('event: error\ndata: out of memory\n\n'), failed),
  sse(
    'error-event-flat',
    'error_inside',
    between('event: error\ndata: {"message":"m","code":"c"}\n\n'),
    failed,
  ),
  sse(
    'error-event-details',
    'error_inside',
    between('event: error\ndata: {"code":500,"details":"d"}\n\n'),
    failed,
  ),
  sse('error-event-empty', 'error_inside', between('event: error\ndata:\n\n'), failed),
  sse(
    'error-event-named',
    'error_inside',
    between('event: stream.error\ndata: {"a":1}\n\n'),
    failed,
  ),
  sse(
    'error-field',
    'error_inside',
    between('error: {"code":500,"message":"old llama.cpp"}\n\n'),
    failed,
  ),
  sse(
    'error-unframed',
    'error_inside',
    between('{"error":{"message":"no data: before it"}}\n\n'),
    failed,
  ),
]

function behindAll(answer: Answer): Script {
  return insert(
    answer,
    wrap('{"error":{"message":"too late"}}'),
    answer.format === 'triton' ? 5 : 2,
  )
}

/** Newline-delimited JSON. */
const ndjson: Row[] = [
  lines(
    'crlf',
    'as_specified',
    changed((text) => text.replace('\n', '\r\n')),
    counts(),
  ),
  lines(
    'blank-lines',
    'as_specified',
    changed((text) => `\n\n${text}`),
    counts(),
  ),
  lines(
    'leading-blanks',
    'as_specified',
    changed((text) => `  ${text}`),
    counts(),
  ),
  lines(
    'no-last-line-end',
    'as_specified',
    (answer) => chunked(answer, {}, trimmed(answer.pieces)),
    counts(),
  ),
  lines(
    'as-sse',
    'not_streaming',
    changed((text) => `data: ${text}\n`),
    fails('stream_error', 'not_streaming'),
  ),
]

/** The framing of events, and what stands among them. */
export const eventRows: readonly Row[] = [...fields, ...noise, ...unreadable, ...errors, ...ndjson]
