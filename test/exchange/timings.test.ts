import { describe, expect, test } from 'vitest'
import { timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult, Marks, Timings } from '../../lib/exchange/index.ts'
import { resultWith } from '../support/results.ts'

test('every figure of a plain answer', () => {
  const { iclAtMs, itlAtMs, ...figures } = timingsOf(resultWith({}, { dueMs: 980 }))
  expect([0, 1].map(iclAtMs)).toEqual(figures.iclMs)
  expect([0, 1].map(itlAtMs)).toEqual(figures.itlMs)
  expect(figures).toEqual({
    ttfbMs: 11,
    ttftMs: 100,
    ttfoMs: 100,
    tpotMs: 20,
    stallMs: 30,
    e2eMs: 140,
    streamMs: 150,
    connectingMs: 5,
    latenessMs: 10,
    ttftDueMs: 120,
    e2eDueMs: 160,
    iclMs: [10, 30],
    itlMs: [10, 30],
  })
})

test('every figure counts from its own mark', () => {
  // Each mark far from the others, so that no two of them can stand for each other.
  const marks = {
    dueMs: 1_000,
    startMs: 1_001,
    sentMs: 1_010,
    headersMs: 1_100,
    firstByteMs: 2_010,
    firstTokenMs: 11_010,
    firstAnswerMs: 21_010,
    lastTokenMs: 41_010,
    endMs: 81_010,
  }
  expect(timingsOf(resultWith({}, marks))).toMatchObject({
    ttfbMs: 1_000,
    ttftMs: 10_000,
    ttfoMs: 20_000,
    tpotMs: 15_000,
    e2eMs: 40_000,
    streamMs: 80_000,
    latenessMs: 1,
    ttftDueMs: 10_010,
    e2eDueMs: 40_010,
  })
})

type Row = [string, Partial<ExchangeResult>, Partial<Marks>, Partial<Timings>]

describe('when a figure has which value, or none', () => {
  test.each<Row>([
    ['billed tokens, not chunks, divide', { outputTokens: 5 }, {}, { tpotMs: 10 }],
    [
      'tokens of the first chunk are not later ones',
      { outputTokens: 10, firstChunkTokens: 6, chunkTokens: [6, 2, 2] },
      {},
      { tpotMs: 10, iclMs: [10, 30], itlMs: [5, 15], stallMs: 30 },
    ],
    [
      'one token',
      { outputTokens: 1, chunkTimesMs: [1100] },
      {},
      { ttftMs: 100, tpotMs: undefined, stallMs: undefined, iclMs: [], e2eMs: 100 },
    ],
    [
      'many tokens in one chunk: no time between tokens was seen',
      { outputTokens: 50, chunkTimesMs: [1100] },
      {},
      { tpotMs: undefined },
    ],
    [
      'all tokens in the first chunk',
      { outputTokens: 3, firstChunkTokens: 3 },
      {},
      { tpotMs: undefined },
    ],
    [
      'hidden reasoning',
      { outputTokens: 900, hiddenReasoning: true },
      {},
      { tpotMs: undefined, ttftMs: 100 },
    ],
    ['reasoning only', {}, { firstAnswerMs: undefined }, { ttfoMs: undefined, ttftMs: 100 }],
    ['reasoning first', {}, { firstAnswerMs: 1110 }, { ttfoMs: 110, ttftMs: 100 }],
    [
      'no schedule: due figures count from the start',
      {},
      {},
      { latenessMs: undefined, ttftDueMs: 110, e2eDueMs: 150 },
    ],
    ['a connection used again', {}, { connectingMs: undefined }, { connectingMs: undefined }],
    [
      'not streamed',
      { chunkTimesMs: [], outputTokens: 8 },
      { lastTokenMs: 1150 },
      { ttftMs: undefined, tpotMs: undefined, iclMs: [], e2eMs: 150 },
    ],
    [
      'marks that contradict each other',
      {},
      { sentMs: 1105 },
      { ttftMs: undefined, ttfbMs: undefined, e2eMs: 35 },
    ],
    [
      'never sent',
      {},
      { sentMs: undefined },
      { ttftMs: undefined, e2eMs: undefined, ttftDueMs: 110 },
    ],
    [
      'two chunks at once',
      { chunkTimesMs: [1100, 1100] },
      {},
      { iclMs: [0], stallMs: 0, tpotMs: 0 },
    ],
    [
      'failed: no latencies, but lateness and connecting',
      { outcome: 'truncated' },
      { dueMs: 980 },
      {
        ttftMs: undefined,
        tpotMs: undefined,
        e2eMs: undefined,
        streamMs: undefined,
        ttfbMs: undefined,
        ttftDueMs: undefined,
        stallMs: undefined,
        iclMs: [],
        itlMs: [],
        latenessMs: 10,
        connectingMs: 5,
      },
    ],
  ])('%s', (_, change, marks, expected) => {
    const timings = timingsOf(resultWith(change, marks))
    const { iclAtMs, itlAtMs } = timings
    // One by one, before all of them are made.
    const gaps = Array.from({ length: 2 }, (_, i) => [iclAtMs(i), itlAtMs(i)])
    expect(timings).toMatchObject(expected)
    timings.iclMs.forEach((gap, i) => expect(gaps[i]).toEqual([gap, timings.itlMs[i]]))
  })
})
