import { createResponseDecoder } from '../../../lib/http/index.ts'
import { sameReading, waysToCut } from '../cut.ts'
import { readByNode } from './node-http.ts'
import type { NodeReading } from './node-http.ts'
import type { Target } from './types.ts'

interface Reading {
  status: number | undefined
  headers: Record<string, string>
  body: string
  /** `end`, else the type of the error. */
  ended: string
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
const seeds = [
  `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;a="b"\r\n world\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\nx-trailer: 1\r\n\r\n`,
  `${head}content-length: 11\r\n\r\nhello world`,
  `${head}\r\nuntil it closes`,
  'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ncontent-length: 2\r\nx-a: 1\r\nX-A: 2\r\n\r\nok',
  'HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 4\r\n\r\nslow',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n',
  'HTTP/1.1 200 OK\ncontent-length: 2\n\nok',
]

/** HTTP/1.1 answers: the same however they arrive, and what node's client reads where both read them. */
export const http: Target = {
  name: 'HTTP/1.1',
  weight: 6,
  bytes: true,
  seeds: () => seeds,
  pieces: [
    ...[
      '\r\n',
      '\r\n\r\n',
      '\n\n',
      '\r',
      '0\r\n\r\n',
      '5\r\n',
      'fffffffff\r\n',
      '-1\r\n',
      '0x5\r\n',
    ],
    ...['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'HTTP/2 200\r\n', ' folded\r\n'],
    ...['content-length: 5\r\n', 'content-length: 4, 4\r\n', 'Transfer-Encoding: chunked\r\n'],
    ...[
      'transfer-encoding: gzip, chunked\r\n',
      'connection: close\r\n',
      'content-encoding: gzip\r\n',
    ],
    ...['\xff', '\x80\xa0', ': x\r\n', 'x : y\r\n', '\0', '\t', ';a=b'],
  ],
  async check(input, random) {
    const readings = waysToCut(input, random).map(read)
    sameReading('the answer', readings)
    const [ours] = readings as [Reading, Reading]
    // What is refused here may be taken there: see below.
    const taken = ours.ended === 'end' || ours.ended === 'cut'
    if (taken && !LLHTTP_ERRS.test(input)) compare(ours, await readByNode(input))
  },
}

function read(pieces: readonly string[]): Reading {
  const reading: Reading = { status: undefined, headers: {}, body: '', ended: '' }
  const ends: string[] = []
  const decoder = createResponseDecoder({
    onHead({ status, headers }) {
      Object.assign(reading, { status, headers })
    },
    onBody(text, from, to) {
      reading.body += text.slice(from, to)
      return false
    },
    onEnd: () => ends.push('end'),
    onError: ({ type }) => ends.push(type),
  })
  for (const piece of pieces) decoder.feed(piece, [0, 0])
  decoder.eof(0)
  if (ends.length !== 1) throw new Error(`the answer ended ${ends.length} times`)
  reading.ended = ends[0]!
  return reading
}

/**
 * Where llhttp reads what RFC 9112 forbids, or not what it says: a tab behind a field's value, which is no
 * part of it (5.1), and a CR that no LF follows (2.2).
 */
const LLHTTP_ERRS = /\t\r?\n|\r(?!\n)/

/**
 * Where both take an answer, it is the same one, and none that llhttp finds whole is cut off here. Beside
 * that each is stricter in places: this decoder takes lines that end with LF alone (RFC 9112, 2.2) and
 * repeated equal lengths (6.3), and refuses unknown transfer codings, empty lines ahead of the status line,
 * and compressed answers, which have no true times.
 */
function compare(ours: Reading, node: NodeReading): void {
  if (node.ended !== 'end') return
  const [a, b] = [ours, node].map(({ status, headers, body, ended }) => ({
    status,
    headers: Object.entries(headers).sort(([x], [y]) => (x < y ? -1 : 1)),
    body,
    ended,
  }))
  sameReading('the answer beside llhttp', [a, b])
}
