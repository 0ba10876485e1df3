import { describe, expect, test } from 'vitest'
import { createSession } from '../../lib/exchange/index.ts'
import type { ExchangeRequest, ExchangeResult } from '../../lib/exchange/index.ts'
import { createGather } from '../../lib/exchange/gather.ts'
import { openaiChat } from '../../lib/protocols/index.ts'
import { createFakeTransport } from '../support/fake-transport.ts'
import type { Step } from '../support/fake-transport.ts'
import { stepsOf, streamCases } from '../support/stream-cases.ts'
import {
  doneChunk,
  finishChunk,
  lastChunk,
  okHead,
  roleChunk,
  tokenChunk,
} from '../support/wire.ts'

async function ask(
  steps: Step[],
  gatherMs: number,
  more: Partial<ExchangeRequest> = {},
): Promise<ExchangeResult & { timers: number; tookMs: number }> {
  const fake = createFakeTransport({ answer: () => steps, clock: 'handler', gatherMs })
  const session = createSession({
    transport: fake.transport,
    target: { host: 'gpu', port: 8000, tls: false },
    basePath: '/v1',
    protocol: openaiChat,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: {},
  })
  const began = fake.transport.now()
  const result = await fake.run(
    session.request({
      request: { prompt: 'hi' },
      dueMs: undefined,
      startMs: 1000,
      deadlines: { connectMs: 500, firstTokenMs: 5000, idleMs: 1000, wholeMs: 20_000 },
      collectText: true,
      ...more,
    }),
  )
  return { ...result, timers: fake.openTimers(), tookMs: fake.transport.now() - began }
}

describe('reads that are decoded together give the same answer', () => {
  test.each(streamCases.map((stream) => [stream.case, stream] as const))(
    '%s',
    async (_, stream) => {
      const steps = stepsOf(stream.reads, 'as they were read')
      for (const more of [{}, { abortAfter: { ms: 215 } }, { abortAfter: { chunks: 3 } }]) {
        const one = await ask(steps, 0, more)
        for (const gatherMs of [15, 500]) {
          const together = await ask(steps, gatherMs, more)
          // An answer whose body is left open, or that failed within, is noticed later, by less than the wait.
          const endMs = expect.toSatisfy((ms: number) => ms - one.marks.endMs < gatherMs) as number
          expect(together).toEqual({
            ...one,
            marks: { ...one.marks, endMs },
            tookMs: expect.anything() as number,
          })
        }
      }
    },
  )

  const begun: Step[] = [
    { afterMs: 5, data: okHead + roleChunk },
    { afterMs: 5, data: tokenChunk() },
    { afterMs: 5, data: tokenChunk() },
    { afterMs: 5, data: tokenChunk() },
  ]
  const ends: [string, Step[]][] = [
    ['well', [{ afterMs: 5, data: finishChunk + doneChunk + lastChunk }]],
    [
      'in two reads',
      [
        { afterMs: 5, data: `${finishChunk}${doneChunk}0\r` },
        { afterMs: 1, data: '\n\r\n' },
      ],
    ],
    ['with trailers', [{ afterMs: 5, data: `${finishChunk}${doneChunk}0\r\nx: y\r\n\r\n` }]],
    ['with a reset', [{ afterMs: 5, reset: 'connection reset by peer' }]],
    ['cut', [{ afterMs: 5, close: true }]],
    ['in silence', []],
    [
      'with nonsense',
      [
        { afterMs: 5, data: 'no chunk' },
        { afterMs: 1, close: true },
      ],
    ],
  ]
  test.each(ends)('that ends %s', async (_, end) => {
    const one = await ask([...begun, ...end], 0)
    expect(await ask([...begun, ...end], 400)).toEqual(one)
    expect(one).toMatchObject({ chunks: 3, timers: 0 })
  })

  const firstTokens: [string, Step[]][] = [
    ['in time', [{ afterMs: 25, data: tokenChunk() }]],
    ['in time, and another one late', [20, 60].map((afterMs) => ({ afterMs, data: tokenChunk() }))],
    ['late', [{ afterMs: 1200, data: tokenChunk() }]],
    ['never', []],
  ]
  test.each(firstTokens)('whose first token comes %s', async (_, tokens) => {
    const deadlines = { connectMs: 500, firstTokenMs: 40, idleMs: 1000, wholeMs: 20_000 }
    const head = [
      { afterMs: 5, data: okHead },
      { afterMs: 1, data: roleChunk },
    ]
    for (const end of [[], [{ afterMs: 5, data: finishChunk + doneChunk + lastChunk }]]) {
      const steps = [...head, ...tokens, ...(tokens.length === 0 ? [] : end)]
      const one = await ask(steps, 0, { deadlines })
      for (const gatherMs of [20, 400])
        expect(await ask(steps, gatherMs, { deadlines })).toEqual(one)
    }
  })

  test('that is left open: the wait is over at the latest when it has lasted', async () => {
    const steps = [...begun, { afterMs: 5, data: finishChunk + doneChunk }]
    const together = await ask(steps, 400)
    expect(together).toMatchObject({ outcome: 'completed', notes: ['left_open'], chunks: 3 })
    expect(together.marks).toEqual((await ask(steps, 0)).marks)
    expect(together.tookMs).toBeLessThan(500)
  })
})

describe('how long reads wait', () => {
  const add = (gather: ReturnType<typeof createGather>, ms: number, text = 'a read') =>
    gather.add(text, [0, ms])

  test('until one comes in the last tenth of the wait', () => {
    const gather = createGather(100)
    expect([10, 50, 99, 100].map((ms) => add(gather, ms))).toEqual([false, false, false, true])
    expect(gather.take()).toEqual({
      text: 'a read'.repeat(4),
      stamps: [0, 10, 6, 50, 12, 99, 18, 100],
    })
    expect(gather.untilMs).toBe(Infinity)
    expect(gather.take()).toBeUndefined()
  })

  test('not once they are too much, or one may be the last', () => {
    const gather = createGather(100)
    expect(add(gather, 1, 'x'.repeat(30_000))).toBe(false)
    expect(gather.untilMs).toBe(101)
    expect(add(gather, 2, 'x'.repeat(40_000))).toBe(true)
    gather.take()
    for (const last of ['0\r\n\r\n', '\r\n\r\n', '\n', 'data: 1\n\n\r\n\r\n']) {
      expect(add(createGather(100), 1, last)).toBe(true)
    }
  })
})
