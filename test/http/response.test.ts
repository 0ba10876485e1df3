import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createResponseDecoder, defaultLimits } from '../../lib/http/index.ts'
import type { ResponseLimits } from '../../lib/http/index.ts'
import { parseHttpCases } from '../support/http-cases.ts'
import { cutAt, everySplit } from '../support/splits.ts'

function logger(limits?: ResponseLimits) {
  const log: string[] = []
  let body = ''
  const flush = () => {
    if (body !== '') log.push(`body ${JSON.stringify(body)}`)
    body = ''
  }
  const write = (line: string) => {
    flush()
    log.push(line)
  }
  const start = () =>
    createResponseDecoder(
      {
        onHead(head) {
          const fields = Object.keys(head.headers)
            .sort()
            .map((name) => ` ${name}=${head.headers[name]}`)
          write(`head ${head.status}${fields.join('')}`)
        },
        onBody(text, from, to) {
          expect(to).toBeGreaterThan(from)
          body += text.slice(from, to)
          return false
        },
        onEnd: (_, keepAlive) => write(`end ${keepAlive ? 'keep' : 'close'}`),
        onError: (error) => write(`error ${error.type}`),
      },
      limits,
    )
  return { decoder: start(), start, log, flush }
}

const cases = parseHttpCases(readFileSync(new URL('response.md', import.meta.url), 'utf8'))

describe.each(cases)('$title', ({ steps, log }) => {
  // Cuts every byte sequence of the case in the same way: whole, in single bytes, at each place.
  const longest = Math.max(...steps.map((step) => step.bytes.length))
  test.each(['whole', 'byte by byte', 'at every split'])('%s', (way) => {
    const last = everySplit('x'.repeat(longest)).length
    const [from, to] = way === 'whole' ? [0, 1] : way === 'byte by byte' ? [1, 2] : [2, last]
    for (let index = from; index < to; index++) {
      const run = logger()
      for (const step of steps) {
        if (step.kind === 'eof') run.decoder.eof(1)
        else if (step.kind === 'next') run.decoder = run.start()
        else {
          const ways = everySplit(step.bytes)
          for (const piece of ways[Math.min(index, ways.length - 1)]!)
            run.decoder.feed(piece, [0, 1])
        }
      }
      run.flush()
      expect(run.log, `split ${index}`).toEqual(log)
    }
  })
})

test('the fixture file is read', () => expect(cases.length).toBeGreaterThan(45))

describe('arrival times', () => {
  test('each body piece carries the time of the read that brought it', () => {
    const pieces: [string, number][] = []
    const marks: Record<string, number> = {}
    const decoder = createResponseDecoder({
      onHead: (_, atMs) => (marks['head'] = atMs),
      onBody: (text, from, to, atMs) => pieces.push([text.slice(from, to), atMs]) < 0,
      onEnd: (atMs) => (marks['end'] = atMs),
      onError: (error) => expect.unreachable(error.message),
    })
    const reads = [
      'HTTP/1.1 200 OK\r\nTransfer-Enc',
      'oding: chunked\r\n\r\n4\r\nab',
      'cd\r\n2\r\nef\r',
      '\n0\r\n\r\n',
    ]
    const offsets = reads.map((_, i) => reads.slice(0, i).join('').length)
    decoder.feed(
      reads.join(''),
      offsets.flatMap((offset, i) => [offset, 10 * (i + 1)]),
    )
    expect(pieces).toEqual([
      ['ab', 20],
      ['cd', 30],
      ['ef', 30],
    ])
    expect(marks).toEqual({ head: 20, end: 40 })
  })

  test('property: any cut into reads and deliveries gives each byte the time of its read', () => {
    const chunks = fc.array(fc.string({ minLength: 1, maxLength: 12, unit: 'binary-ascii' }), {
      maxLength: 8,
    })
    const cuts = fc.array(fc.nat(400), { maxLength: 12 })
    fc.assert(
      fc.property(chunks, cuts, cuts, (bodies, readCuts, deliveryCuts) => {
        const wire =
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
          bodies.map((body) => `${body.length.toString(16)};x\r\n${body}\r\n`).join('') +
          '0\r\n\r\n'
        const reads = cutAt(wire, [...readCuts, ...deliveryCuts]).filter((read) => read !== '')
        const ends = new Set(deliveryCuts.map((cut) => cut % (wire.length + 1)))
        const seen: string[] = []
        let ended = false
        const decoder = createResponseDecoder({
          onHead() {},
          onBody(text, from, to, atMs) {
            for (const byte of text.slice(from, to)) seen.push(`${byte}@${atMs}`)
            return false
          },
          onEnd: () => (ended = true),
          onError: (error) => expect.unreachable(error.message),
        })
        const expected: string[] = []
        const offsets: number[] = []
        let at = 0
        for (const read of reads) {
          offsets.push(at)
          at += read.length
        }
        let bodyAt = wire.indexOf('\r\n\r\n') + 4
        for (const body of bodies) {
          bodyAt = wire.indexOf('\r\n', bodyAt) + 2
          for (const [i, byte] of [...body].entries()) {
            const read = offsets.findLastIndex((offset) => offset <= bodyAt + i)
            expected.push(`${byte}@${read}`)
          }
          bodyAt += body.length + 2
        }
        let delivery = ''
        let stamps: number[] = []
        reads.forEach((read, i) => {
          stamps.push(delivery.length, i)
          delivery += read
          if (!ends.has(offsets[i]! + read.length) && i < reads.length - 1) return
          decoder.feed(delivery, stamps)
          delivery = ''
          stamps = []
        })
        expect(seen).toEqual(expected)
        expect(ended).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('limits', () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  test.each<[string, string, Partial<ResponseLimits>, string]>([
    [
      'a head that never ends',
      `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(500)}`,
      { maxHeadBytes: 100 },
      'header_too_large',
    ],
    [
      'a whole head too long',
      `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(500)}\r\n\r\n`,
      { maxHeadBytes: 100 },
      'header_too_large',
    ],
    [
      'a body too long',
      `${head}5\r\nhello\r\n5\r\nworld\r\n`,
      { maxBodyBytes: 8 },
      'body_too_large',
    ],
    ['a chunk extension that never ends', `${head}5;${'x'.repeat(5000)}`, {}, 'chunk'],
    [
      'trailers that never end',
      `${head}0\r\n${'X: y\r\n'.repeat(100)}`,
      { maxHeadBytes: 100 },
      'header_too_large',
    ],
    [
      'heads with a status of 1xx',
      'HTTP/1.1 102 Processing\r\n\r\n'.repeat(5),
      { maxHeadBytes: 100 },
      'header_too_large',
    ],
  ])('%s', (_, wire, limits, type) => {
    for (const pieces of [[wire], wire.split('')]) {
      const run = logger({ ...defaultLimits, ...limits })
      for (const piece of pieces) run.decoder.feed(piece, [0, 1])
      run.decoder.feed('HTTP/1.1 200 OK\r\n\r\n', [0, 2])
      run.decoder.eof(3)
      expect(run.log.at(-1)).toBe(`error ${type}`)
    }
  })
})

test('bytes behind the end of an answer: the connection is not kept', () => {
  for (const body of [
    'Content-Length: 2\r\n\r\nok',
    'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'Content-Length: 0\r\n\r\n',
  ]) {
    const run = logger()
    run.decoder.feed(`HTTP/1.1 200 OK\r\n${body}extra`, [0, 1])
    expect(run.log.at(-1)).toBe('end close')
  }
})

test('property: garbage never throws and never calls back after an error or the end', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 200 OK\r\n',
      'Transfer-Encoding: chunked\r\n',
      '\r\n',
      '\n',
      '5\r\n',
      'hello',
      '0\r\n\r\n',
      'Content-Length: 3\r\n',
      ' ',
      'HTTP/1.1 100 x\r\n\r\n',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const run = logger()
      for (const part of pieces) run.decoder.feed(part, [0, 1])
      run.decoder.eof(2)
      const finals = run.log.filter((line) => /^(end|error)/.test(line))
      expect(finals).toHaveLength(1)
      expect(run.log.at(-1)).toBe(finals[0])
    }),
    { numRuns: 500 },
  )
})

test('property: heads read one after the other by one decoder are read as by a new one', () => {
  const line = fc.constantFrom(
    'Content-Length: 0',
    'content-length: 0',
    'X-Id: 1',
    'X-Id: 2',
    'x-id:  2\t',
    'X-I: 1',
    'X-I : 1',
    ' folded',
    'Date: now',
    'Set-Cookie: a',
    'Set-Cookie: b',
    'X-Tail: \xa0',
  )
  const status = fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.1 503 No', 'HTTP/1.0 200 OK', 'HTTP/2')
  const answer = fc
    .tuple(status, fc.array(line, { maxLength: 5 }))
    .map(([first, lines]) => `${[first, ...lines].join('\r\n')}\r\n\r\n`)
  fc.assert(
    fc.property(fc.array(answer, { minLength: 2, maxLength: 6 }), (answers) => {
      const kept = logger()
      const anew = logger()
      for (const wire of answers) {
        kept.decoder.reset()
        kept.decoder.feed(wire, [0, 1])
        anew.start().feed(wire, [0, 1])
      }
      expect(kept.log).toEqual(anew.log)
    }),
    { numRuns: 1000 },
  )
})

test('chunks of sizes that came before, of one and two digits, cut at every place', () => {
  const bodies = [17, 5, 17, 5, 5, 300, 17, 300, 5].map((size, i) => String(i).repeat(size))
  const wire =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
    bodies.map((body) => `${body.length.toString(16)}\r\n${body}\r\n`).join('')
  for (const pieces of everySplit(`${wire}0\r\n\r\n`)) {
    const run = logger()
    for (const piece of pieces) run.decoder.feed(piece, [0, 1])
    run.flush()
    expect(run.log.slice(1), `cut after ${pieces[0]?.length}`).toEqual([
      `body ${JSON.stringify(bodies.join(''))}`,
      'end keep',
    ])
  }
})

test('a wrong size line behind a whole chunk is found, though sizes before were known', () => {
  const wire =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n2\r\nefX\r\n'
  for (const pieces of everySplit(wire)) {
    const run = logger()
    for (const piece of pieces) run.decoder.feed(piece, [0, 1])
    expect(run.log.at(-1), `cut after ${pieces[0]?.length}`).toBe('error chunk')
  }
})
