import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnswer } from '../../lib/exchange/answer.ts'
import type { Answer } from '../../lib/exchange/answer.ts'
import { TOGETHER_MS } from '../../lib/exchange/index.ts'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import { repeatsIn } from '../support/repeats.ts'
import { cutAt } from '../support/splits.ts'
import { streams } from '../support/streams.ts'

const head =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
/** Bodies of JSON string literals. */
const words = [' Hello', ' the', 'é', '中文', '\\"', '\\\\', 'data: ', '\\",\\"', ' a']

/** One read of a connection, and when it came. */
type Read = [bytes: string, atMs: number]

/** Feeds the deliveries of one answer, with or without the help of the socket module. */
function read(answer: Answer, deliveries: readonly Read[][], helped: boolean) {
  answer.begin(Infinity, () => {})
  let ending
  for (const reads of deliveries) {
    const stamps: number[] = []
    let text = ''
    for (const [bytes, atMs] of reads) {
      stamps.push(text.length, atMs)
      text += bytes
    }
    ending = answer.feed(text, stamps, helped ? repeatsIn(text, stamps) : undefined)
  }
  const { measure, headersMs, firstByteMs } = answer
  const { chunkTimesMs, longestGapMs, gapsApart, blanks, firstAnswerMs, doneMs, error } = measure
  const gaps = chunkTimesMs.slice(1).map((atMs, i) => atMs - chunkTimesMs[i]!)
  expect(longestGapMs).toBe(gaps.length === 0 ? undefined : Math.max(...gaps))
  expect(gapsApart).toBe(gaps.filter((gap) => gap > TOGETHER_MS).length)
  const marks = { headersMs, firstByteMs, chunkTimesMs, blanks, firstAnswerMs, doneMs, error }
  if (ending?.streamEnd !== undefined) {
    // JSON escapes count as they are written where a template read them.
    ending.streamEnd.payloadBytes = ending.streamEnd.reasoningBytes = 0
  }
  return { ending, marks, tokens: measure.chunkTokens() }
}

/** Cuts an answer into reads, one per millisecond, and these into deliveries. */
function deliver(wire: string, readCuts: readonly number[], sizes: readonly number[]): Read[][] {
  const reads = cutAt(wire, [...readCuts]).filter((bytes) => bytes !== '')
  const timed = reads.map((bytes, i): Read => [bytes, 100 + i])
  const deliveries: Read[][] = []
  for (let i = 0; timed.length > 0; i++) {
    deliveries.push(timed.splice(0, sizes[i % sizes.length]!))
  }
  return deliveries
}

const kinds = streams.map((stream) => ({ ...stream, of: protocols[stream.protocol]! }))

describe.each(kinds)('$protocol: $name', ({ of: protocol, before, token, after }) => {
  const asked = { protocol, stream: true, collectText: false }

  /** The wire of an answer whose ids are its own. */
  function wireOf(texts: readonly string[], id: string): string {
    const events = [before, ...texts.map((text, i) => token(text, i + 1)), after(texts.length)]
    const chunks = events
      .filter((event) => event !== '')
      .map((event) => encodeUtf8(event.replace(/"id":"[^"]*"/g, `"id":"${id}"`)))
      .map((event) => `${event.length.toString(16)}\r\n${event}\r\n`)
    return `${head}${chunks.join('')}0\r\n\r\n`
  }

  test('property: kept from answer to answer and helped by the module, it reads as a new one', () => {
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 30 })
    const cuts = fc.array(fc.nat(9000), { maxLength: 12 })
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    const answers = fc.array(fc.tuple(texts, cuts, sizes), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(answers, (list) => {
        const kept = createAnswer(asked)
        list.forEach(([words, readCuts, deliveries], i) => {
          const wire = wireOf(words, `answer-${i}`)
          // A read for each chunk as servers send them, and cuts elsewhere too.
          const atChunks = [...wire.matchAll(/\r\n(?=[\da-f]+\r\n)/g)].map(({ index }) => index + 2)
          const cut = deliver(wire, [...atChunks, ...readCuts], deliveries)
          expect(read(kept, cut, true)).toEqual(read(createAnswer(asked), cut, false))
        })
      }),
      { numRuns: 30 },
    )
  })
})

test('an answer that broke off leaves nothing to the next one', () => {
  const asked = { protocol: protocols['chat']!, stream: true, collectText: true }
  const whole = `${head}2b\r\ndata: {"choices":[{"delta":{"content":"a"}}]}\n\r\n0\r\n\r\n`
  for (let end = 1; end < whole.length; end++) {
    const kept = createAnswer(asked)
    read(kept, [[[whole.slice(0, end), 1]]], true)
    kept.lost('reset')
    const next = read(kept, [[[whole, 2]]], true)
    expect(next).toEqual(read(createAnswer(asked), [[[whole, 2]]], false))
  }
})
