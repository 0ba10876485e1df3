import type { StreamEvent } from '../../../../simulator/index.ts'
import { chunked, framed } from '../../answer.ts'
import type { Answer, Piece } from '../../answer.ts'
import { but, counts, fails } from '../../rows.ts'
import type { Row } from '../../rows.ts'
import { sse, any, changed, between, name, trimmed } from './parts.ts'

type Frame = (event: StreamEvent, index: number) => string

/** Every event written in another way. */
const written = (frame: Frame) => (answer: Answer) => chunked(answer, {}, framed(answer, frame))

const ends = (eol: string) =>
  written((event) => `${name(event, eol)}data: ${event.data}${eol}${eol}`)

const join = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('')

/** Lines, fields and comments (WHATWG HTML, 9.2.6). */
export const fields: readonly Row[] = [
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
