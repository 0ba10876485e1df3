import { chunked, frameOf } from '../../answer.ts'
import type { Answer, Piece } from '../../answer.ts'
import { counts, fails } from '../../rows.ts'
import type { Expected, Row } from '../../rows.ts'
import type { Script } from '../../script.ts'
import { sse, any, changed, between, behind, insert } from './parts.ts'

const malformed = (n: number): Expected => counts({ malformed: n })

const failed = fails('stream_error', 'error_event')

/** Events that are no part of the answer. */
export const noise: readonly Row[] = [
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
export const unreadable: readonly Row[] = [
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
export const errors: readonly Row[] = [
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
