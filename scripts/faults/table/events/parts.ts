import { encodeUtf8 } from '../../../../lib/http/index.ts'
import type { StreamEvent } from '../../../../simulator/index.ts'
import { chunked, framed, frameOf } from '../../answer.ts'
import type { Answer, Piece } from '../../answer.ts'
import { group, NDJSON, SSE, STREAMS } from '../../rows.ts'
import type { Script } from '../../script.ts'

export const sse = group('events', SSE)

export const any = group('events', STREAMS)

export const lines = group('lines', NDJSON)

export const changed =
  (change: (text: string, index: number, event: StreamEvent) => string) => (answer: Answer) =>
    chunked(
      answer,
      {},
      framed(answer, (event, i) => change(frameOf(answer, event), i, event)),
    )

/** Something between the second and the third token, and something behind all. */
export const between = (extra: string | ((answer: Answer) => string)) => (answer: Answer) =>
  insert(answer, extra, 2)

export const behind = (extra: string) => (answer: Answer) => insert(answer, extra, Infinity)

export function insert(
  answer: Answer,
  extra: string | ((answer: Answer) => string),
  at: number,
): Script {
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

export const name = ({ event }: StreamEvent, eol: string) =>
  event === undefined ? '' : `event: ${event}${eol}`

export function trimmed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, i) =>
    i === pieces.length - 1 ? { ...piece, text: piece.text.trimEnd() } : piece,
  )
}
