import { encodeUtf8 } from '../../lib/http/index.ts'
import { plainAnswer } from '../../simulator/index.ts'
import type { FormatName, PlainAnswer, StreamEvent } from '../../simulator/index.ts'
import { script } from './script.ts'
import type { Script, Step } from './script.ts'

/** Text that is put on the wire at a time, as a byte string; `token`: a generated token is in it. */
export interface Piece {
  atMs: number
  text: string
  token: boolean
}

/** A well-formed answer of a wire format, for a fault to spoil. */
export interface Answer extends PlainAnswer {
  format: FormatName
  /** The body, write by write: head and opening at 0, the first token at 40 ms, then one in 10 ms. */
  pieces: Piece[]
}

export const FIRST_TOKEN_MS = 40
const TOKEN_MS = 10
const WORDS = [' one', ' two', ' three', ' four', ' five']

/** Tokens of every answer that nothing else says of. */
export const TOKENS = WORDS.length

export function answerOf(format: FormatName): Answer {
  const plain = plainAnswer(format, WORDS)
  return { ...plain, format, pieces: framed(plain, (event) => frameOf(plain, event)) }
}

/** The body of an answer whose events are written in another way. */
export function framed(
  { opening, tokens, ending }: PlainAnswer,
  frame: (event: StreamEvent, index: number) => string,
): Piece[] {
  let index = 0
  const text = (events: readonly StreamEvent[]) =>
    encodeUtf8(events.map((event) => frame(event, index++)).join(''))
  const pieces = [{ atMs: 0, text: text(opening), token: false }]
  tokens.forEach((events, i) =>
    pieces.push({ atMs: FIRST_TOKEN_MS + i * TOKEN_MS, text: text(events), token: true }),
  )
  pieces.push({ atMs: pieces.at(-1)!.atMs, text: text(ending), token: false })
  return pieces.filter((piece) => piece.text !== '')
}

/** An event as servers write it. */
export function frameOf({ framing }: Pick<PlainAnswer, 'framing'>, event: StreamEvent): string {
  if (framing === 'ndjson') return `${event.data}\n`
  const name = event.event === undefined ? '' : `event: ${event.event}\n`
  return `${name}data: ${event.data}\n\n`
}

export const OK = 'HTTP/1.1 200 OK'

/** A head: status line, then fields, in lines that end with CR LF. */
export function head(status: string, ...fields: string[]): string {
  return `${[status, ...fields].join('\r\n')}\r\n\r\n`
}

export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

export interface Chunking {
  /** In place of the head. */
  head?: string
  chunk?: (text: string, index: number) => string
  /** What ends the body, and what follows it. */
  last?: string
  ends?: 'close' | 'reset'
}

/** An answer in chunks, one for each write. */
export function chunked(answer: Answer, how: Chunking = {}, pieces = answer.pieces): Script {
  const type = `content-type: ${answer.contentType}`
  const start = how.head ?? head(OK, type, 'transfer-encoding: chunked')
  const write = how.chunk ?? chunk
  const last = how.last ?? '0\r\n\r\n'
  return put(
    start,
    pieces.map((piece, i) => ({ ...piece, text: write(piece.text, i) })),
    last,
    how.ends,
  )
}

/** An answer without chunks, after a head of its own. */
export function plainly(
  answer: Answer,
  start: string,
  ends?: 'close',
  pieces = answer.pieces,
): Script {
  return put(start, pieces, '', ends)
}

/** The whole body at once, at the time of the first token. */
export function atOnce(answer: Answer, bytes: (body: string) => string, ends?: 'close'): Script {
  const body = answer.pieces.map(({ text }) => text).join('')
  const piece = { atMs: FIRST_TOKEN_MS, text: bytes(body), token: true }
  return put('', [piece], '', ends)
}

function put(
  start: string,
  pieces: readonly Piece[],
  last: string,
  ends?: 'close' | 'reset',
): Script {
  const steps: Step[] = [{ atMs: 0, bytes: start }]
  for (const { atMs, text } of pieces) steps.push({ atMs, bytes: text })
  const endMs = pieces.at(-1)?.atMs ?? 0
  if (last !== '') steps.push({ atMs: endMs, bytes: last })
  if (ends !== undefined) steps.push({ atMs: endMs, ends })
  const tokens = pieces.filter(({ token }) => token)
  const firstTokenMs = tokens[0]?.atMs
  return script(
    steps.filter((step) => !('bytes' in step) || step.bytes !== ''),
    {
      firstTokenMs,
      lastTokenMs: tokens.at(-1)?.atMs,
    },
  )
}

/** These bytes at once, and no more. */
export function only(bytes: string, ends?: 'close' | 'reset'): Script {
  const end: Step[] = ends === undefined ? [] : [{ atMs: 0, ends }]
  return script(bytes === '' ? end : [{ atMs: 0, bytes }, ...end])
}
