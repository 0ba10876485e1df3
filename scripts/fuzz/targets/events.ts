import { createParser } from 'eventsource-parser'
import { decodeUtf8 } from '../../../lib/http/index.ts'
import { createNdjsonScanner, createSseScanner } from '../../../lib/protocols/index.ts'
import { sameReading, waysToCut } from '../cut.ts'
import type { Target } from './types.ts'

type Events = { event: string; data: string }[]

/** Server-sent events, which eventsource-parser has to read in the same way. */
export const sse: Target = {
  name: 'server-sent events',
  weight: 12,
  bytes: true,
  seeds: () => [
    'data: a\n\ndata: b\n\n',
    'event: x\r\ndata: {"a":1}\r\n\r\n: ping\r\n\r\ndata:b\r\ndata\r\n\r\n',
    '\xef\xbb\xbfid: 1\rretry: 9\rdata: a\r\rdata:  b\r\r',
    'data: \xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\n\nevent: \xc3\xa9\ndata: 1\n\n',
  ],
  pieces: [
    ...['data:', 'data: ', 'data', 'event: ', 'event', 'id: ', 'retry: ', ': ', ':', '\n\n'],
    ...['\r\r', '\r\n\r\n', '\xef\xbb\xbf', '\xc3', '\xa9', '\xed\xa0\x80', '\xf5', 'data: x\n\n'],
  ],
  check(input, random) {
    // Closed, since the library waits for an LF behind a CR at the very end, and drops what no blank line ends.
    const text = `${input}\n\ndata: end\n\n`
    const readings = waysToCut(text, random).map((pieces) => scan(createSseScanner, pieces))
    sameReading('the events', [...readings, byLibrary(text)])
  },
}

/** One JSON value a line, which splitting the whole text has to read in the same way. */
export const ndjson: Target = {
  name: 'NDJSON',
  weight: 8,
  bytes: true,
  seeds: () => ['{"a":1}\n{"b":"\xc3\xa9"}\r\n\n{"c":[]}', '{"response":"a","done":false}\n'],
  pieces: ['\r', '\r\n', '\n\n', '{"a":"\\n"}\n', '\xff', '\xe2\x80\xa8'],
  check(input, random) {
    const readings = waysToCut(input, random).map((pieces) => scan(createNdjsonScanner, pieces))
    const lines = input.split('\n').map((line) => line.replace(/\r$/, ''))
    const expected = lines
      .filter((line) => line !== '')
      .map((data) => ({ event: '', data: decodeUtf8(data) }))
    sameReading('the lines', [...readings, expected])
  },
}

function scan(create: typeof createSseScanner, pieces: readonly string[]): Events {
  const events: Events = []
  const scanner = create({
    onFrame: (text, from, to, _atMs, event) =>
      events.push({ event: decodeUtf8(event), data: decodeUtf8(text.slice(from, to)) }),
    onOverflow: () => events.push({ event: '', data: 'too long' }),
  })
  pieces.forEach((piece, i) => scanner.feed(`\n\n${piece}\r\n`, 2, 2 + piece.length, i))
  scanner.end()
  return events
}

function byLibrary(bytes: string): Events {
  const events: Events = []
  const parser = createParser({
    onEvent: ({ event = '', data }) => events.push({ event, data }),
  })
  // The standard takes one byte order mark away before it reads lines.
  parser.feed(new TextDecoder().decode(Buffer.from(bytes, 'latin1')))
  return events
}
