import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSseScanner } from '../../lib/protocols/sse.ts'
import { decodeUtf8, encodeUtf8 } from '../../lib/http/index.ts'
import { cutAt, everySplit } from '../support/splits.ts'

interface Event {
  event: string
  data: string
}

function scan(pieces: readonly string[], maxBytes?: number) {
  const events: Event[] = []
  const times: number[] = []
  let overflows = 0
  const scanner = createSseScanner(
    {
      onFrame(text, from, to, atMs, event) {
        events.push({ event: decodeUtf8(event), data: decodeUtf8(text.slice(from, to)) })
        times.push(atMs)
      },
      onOverflow: () => overflows++,
    },
    maxBytes,
  )
  pieces.forEach((piece, i) => scanner.feed(`data: x\n\n${piece}\r\n\r\n`, 9, 9 + piece.length, i))
  return { events, times, scanner, overflows: () => overflows }
}

/** The oracle: eventsource-parser, fed whole and, as TextDecoder leaves it, without a BOM. */
function oracle(text: string): Event[] {
  const events: Event[] = []
  const parser = createParser({
    onEvent: (event) => events.push({ event: event.event ?? '', data: event.data }),
  })
  parser.feed(text.replace(/^\ufeff/, ''))
  return events
}

const fixtures: Record<string, string> = {
  LF: 'data: a\n\ndata: b\n\n',
  CRLF: 'data: a\r\n\r\ndata: b\r\n\r\n',
  CR: 'data: a\r\rdata: b\r\rdata: c\n\n',
  'mixed line ends': 'data: a\r\n\ndata: b\n\r\ndata: c\r\n\rdata: d\n\n',
  'no space after the colon': 'data:{"a":1}\n\ndata:b\n\n',
  'only one space is taken': 'data:  two\n\n',
  'data that is a space': 'data: \n\n',
  'several data lines': 'data: a\ndata: b\ndata:\ndata: c\n\n',
  'empty data': 'data\n\ndata:\n\n',
  'event names': 'event: ping\ndata: 1\n\ndata: 2\n\nevent:x\ndata: 3\nevent: y\n\n',
  'an event name without data is dropped with it': 'event: a\n\ndata: 1\n\n',
  'comments and pings': ': ping\n\n:\ndata: a\n: in between\n\n:\r\n\r\ndata: b\n\n',
  'other fields': 'id: 1\nretry: 100\ndata: a\nfoo: bar\nfoo\n\n',
  BOM: '\ufeffdata: a\n\n\ufeffdata: b\n\n',
  'BOM and a blank line': '\ufeff\ndata: a\n\n',
  'UTF-8': 'data: {"c":"héllo 中文 😀"}\n\ndata: é\ndata: 中\n\nevent: é\ndata: 1\n\n',
  'data that looks like lines': 'data: data: x\\n\\n: no comment\n\n',
  'many blank lines': '\n\n\ndata: a\n\n\n\ndata: b\n\n\n',
  'unfinished event': 'data: a\n\ndata: never',
  'field names that only begin alike': 'database: 1\ndata : 2\nevents: 3\ndata: a\n\n',
}

describe.each(Object.entries(fixtures))('%s', (_, text) => {
  const bytes = encodeUtf8(text)
  test('as eventsource-parser, whole, byte by byte and at every split', () => {
    const expected = oracle(text)
    for (const pieces of everySplit(bytes)) expect(scan(pieces).events).toEqual(expected)
  })
})

test('property: as eventsource-parser on any lines and any cuts', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'data: a',
      'data:b',
      'data',
      'data: ',
      'event: e',
      'event',
      ': c',
      'id: 1',
      '',
      '',
      'foo: x',
      '\ufeffdata: z',
    ),
    fc.string({ maxLength: 8 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  )
  const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 14 })
  fc.assert(
    fc.property(lines, fc.array(fc.nat(300), { maxLength: 8 }), (parts, cuts) => {
      // A closing event keeps a CR at the very end from waiting for a LF in the oracle.
      const text = `${parts.map((part) => part.join('')).join('')}\n\ndata: end\n\n`
      const events = oracle(text)
      expect(scan(cutAt(encodeUtf8(text), cuts)).events).toEqual(events)
    }),
    { numRuns: 3000 },
  )
})

test('property: long runs of blank lines, cut anywhere, change no event', () => {
  const line = fc.constantFrom('data: a', 'event: e', ': c', '')
  const lineEnds = fc.constantFrom(
    '\n',
    '\r\n',
    '\n'.repeat(300),
    '\r\n'.repeat(300),
    '\r'.repeat(300),
  )
  const lines = fc.array(fc.tuple(line, lineEnds), { maxLength: 8 })
  fc.assert(
    fc.property(lines, fc.array(fc.nat(2000), { maxLength: 4 }), (parts, cuts) => {
      const text = `${parts.map((part) => part.join('')).join('')}\n\ndata: end\n\n`
      expect(scan(cutAt(text, cuts)).events).toEqual(oracle(text))
    }),
    { numRuns: 1000 },
  )
})

describe('an event has the time of the read that ended its last data line', () => {
  test.each<[string, string[], number[]]>([
    ['blank line in a later read', ['data: a\n', '\n'], [0]],
    ['line end in a later read', ['data: a', '\n\n'], [1]],
    ['several data lines', ['data: a\n', 'data: b\n', '\n'], [1]],
    ['CR ends the line, the LF is later', ['data: a\r', '\n\r\n'], [0]],
    ['other fields do not move it', ['data: a\n', 'id: 1\n', '\n'], [0]],
  ])('%s', (_, pieces, times) => {
    expect(scan(pieces).times).toEqual(times)
  })
})

test('end() gives out what no blank line closed', () => {
  for (const text of [
    'data: a\n\ndata: [DONE]',
    'data: a\n\ndata: [DONE]\n',
    'data: a\n\ndata: [DONE]\r',
  ]) {
    const run = scan([text])
    run.scanner.end()
    expect(run.events.map((event) => event.data)).toEqual(['a', '[DONE]'])
    run.scanner.end()
    expect(run.events).toHaveLength(2)
  }
})

test('an event over the limit ends the reading, once', () => {
  for (const text of [`data: ${'x'.repeat(100)}`, 'data: 123456\n'.repeat(12)]) {
    for (const pieces of [[text], text.split('')]) {
      const run = scan([...pieces, '\n\ndata: more\n\n'], 50)
      run.scanner.end()
      expect(run.overflows()).toBe(1)
      expect(run.events).toEqual([])
    }
  }
})

describe('the limit on an event', () => {
  const overflows = (pieces: string[], most: number) => {
    const run = scan(pieces, most)
    run.scanner.end()
    return run.overflows()
  }

  test('is one on a line that does not end, to the byte', () => {
    expect(overflows(['x'.repeat(50)], 50)).toBe(0)
    expect(overflows(['x'.repeat(51)], 50)).toBe(1)
    expect(overflows(['x'.repeat(25), 'x'.repeat(25)], 50)).toBe(0)
    expect(overflows(['x'.repeat(25), 'x'.repeat(26)], 50)).toBe(1)
  })

  test('holds for its data so far and the beginning of the next line together', () => {
    const line = `data: ${'x'.repeat(30)}\n`
    expect(overflows([line, 'y'.repeat(20)], 50)).toBe(0)
    expect(overflows([line, 'y'.repeat(21)], 50)).toBe(1)
    const two = `data: ${'x'.repeat(10)}\n`.repeat(2)
    expect(overflows([two, 'y'.repeat(29)], 50)).toBe(0)
    expect(overflows([two, 'y'.repeat(30)], 50)).toBe(1)
  })

  test('holds for its data lines together', () => {
    // Joined by a line end each: 20 + 1 + 29.
    const lines = (last: number) => [`data: ${'x'.repeat(20)}\ndata: ${'y'.repeat(last)}\n`]
    expect(overflows(lines(29), 50)).toBe(0)
    expect(overflows(lines(30), 50)).toBe(1)
  })

  test('starts anew with each event', () => {
    const event = `data: ${'x'.repeat(40)}\n\n`
    expect(overflows([event, event, event], 50)).toBe(0)
  })
})

test('what end() gives out has the time of the read that brought it', () => {
  const run = scan(['data: a\n\n', 'data: [DO', 'NE]'])
  run.scanner.end()
  expect(run.times).toEqual([0, 2])
})
