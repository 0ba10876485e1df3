import { describe, expect, test } from 'vitest'
import { createDetail } from '../../lib/runs/index.ts'
import type { Detail } from '../../lib/runs/index.ts'
import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { madeUpRecords } from '../records/made-up.ts'

const { run: base, records } = madeUpRecords('steady')
const template = records[0] as RequestRecord

/** Ten seconds at 2 requests/s that rise to 4: buckets of one second. */
const run = {
  ...base,
  plan: {
    ...base.plan,
    drainMs: 0,
    endMs: 10_000,
    phases: [{ ...base.plan.phases[1]!, startMs: 0, endMs: 10_000, from: 2, to: 4 }],
  },
} as RunRecord['run']

/** A completed request that is due at a time and has the figures given; no gaps. */
function request(dueMs: number, change: Partial<RequestRecord> = {}): RequestRecord {
  const { gapsMs: _, chunkTokens: __, ...bare } = template
  return {
    ...bare,
    dueMs,
    startMs: dueMs,
    sentMs: dueMs,
    firstTokenMs: dueMs + 100,
    lastTokenMs: dueMs + 500,
    endMs: dueMs + 500,
    outcome: 'completed',
    measured: true,
    outputTokens: 10,
    received: { steady: 10 },
    ttftMs: 100,
    tpotMs: 40,
    e2eMs: 500,
    ...change,
  }
}

function failed(dueMs: number, change: Partial<RequestRecord> = {}): RequestRecord {
  const {
    ttftMs: _,
    tpotMs: __,
    e2eMs: ___,
    ...rest
  } = request(dueMs, {
    outcome: 'http_error',
    outputTokens: 0,
    received: {},
    ...change,
  })
  return rest
}

function detailOf(list: readonly RequestRecord[]): Detail {
  const detail = createDetail(run)
  for (const record of list) detail.add(record)
  return detail.detail(null)
}

describe('over time', () => {
  test('each kind of request is counted where it belongs', () => {
    const { series } = detailOf([
      request(0),
      request(600),
      failed(2_000, { endMs: 3_100 }),
      failed(2_200, { endMs: 2_300, outcome: 'aborted' }),
    ])
    expect(series.bucketMs).toBe(1_000)
    expect(series.atS).toEqual([0, 1, 2, 3])
    expect(series.startedPerS).toEqual([2, 0, 2, 0])
    // By their ends: 500 and 1,100 ms.
    expect(series.completedPerS).toEqual([1, 1, 0, 0])
    // What the client gave up itself is neither.
    expect(series.failedPerS).toEqual([0, 0, 0, 1])
  })

  test('time in flight lies between sending and end, tokens between the first and the last', () => {
    const { series } = detailOf([
      request(0, { sentMs: 500, firstTokenMs: 1_000, lastTokenMs: 3_000, endMs: 3_250 }),
    ])
    expect(series.inFlight).toEqual([0.5, 1, 1, 0.25])
    expect(series.tokensPerS).toEqual([0, 5, 5, 0])
  })

  test('tokens lie where their gaps put them, where those were kept', () => {
    const { series } = detailOf([
      request(0, {
        firstTokenMs: 500,
        lastTokenMs: 2_600,
        endMs: 2_600,
        received: { steady: 4 },
        gapsMs: [100, 1_000, 1_000],
      }),
    ])
    expect(series.tokensPerS).toEqual([2, 1, 1])
  })

  test('percentiles are of the requests that were due in the bucket, whenever they ended', () => {
    const { series } = detailOf([
      request(0, { endMs: 1_500, ttftMs: 100, tpotMs: 10, e2eMs: 1_000 }),
      request(500, { endMs: 1_500, ttftMs: 300, tpotMs: 30, e2eMs: 3_000 }),
      request(1_000, { endMs: 1_500, ttftMs: 700, tpotMs: 70, e2eMs: 7_000 }),
    ])
    expect(series.ttftP50).toEqual([200, 700])
    expect(series.ttftP95).toEqual([290, 700])
    expect(series.tpotP50).toEqual([20, 70])
    expect(series.tpotP95).toEqual([29, 70])
    expect(series.e2eP50).toEqual([2_000, 7_000])
    expect(series.e2eP95).toEqual([2_900, 7_000])
  })

  test('the load asked is that of the middle of the bucket', () => {
    const { asked } = detailOf([request(9_900, { endMs: 10_500 })]).series
    expect(asked[0]).toBeCloseTo(2.1, 9)
    expect(asked[9]).toBeCloseTo(3.9, 9)
    expect(asked[10]).toBeNull()
  })
})

test('the last bucket is divided by what it covers, and left out when that is too little for a rate', () => {
  const lastOf = (endMs: number) => {
    // One ends every 250 ms, the last at the end of the run; the load ends at 10 s.
    const ends = Array.from({ length: endMs / 250 }, (_, i) => (i + 1) * 250)
    const { series } = detailOf(ends.map((at) => request(at - 250, { endMs: at })))
    const [completed, started] = [series.completedPerS, series.startedPerS]
    return [completed[completed.length - 1], started[started.length - 1]]
  }
  expect(lastOf(10_750)).toEqual([4 / 0.75, 3])
  expect(lastOf(10_250)).toEqual([null, 1])
})

describe('distributions', () => {
  const of = (ttfts: readonly number[]) => {
    const { histograms, curves } = detailOf(ttfts.map((ttftMs, i) => request(i, { ttftMs })))
    const [found] = histograms.filter(({ metric }) => metric === 'ttft')
    return { ...found!, curve: curves.find(({ metric }) => metric === 'ttft')! }
  }

  test('every value is in the bin whose edges hold it', () => {
    const values = Array.from({ length: 400 }, (_, i) => 10 + ((i * 7_919) % 1_009) * 1.7)
    const { edgesMs, counts } = of(values)
    // Rice's rule: 2 · 400^(1/3) = 14.7.
    expect(counts).toHaveLength(15)
    const byHand = counts.map((_, bin) => {
      const [low, high] = [edgesMs[bin]!, edgesMs[bin + 1]!]
      const last = bin === counts.length - 1
      return values.filter((v) => v >= low && (last || v < high)).length
    })
    expect(counts).toEqual(byHand)
    expect(edgesMs[0]).toBe(Math.min(...values))
    expect(edgesMs[15]).toBeCloseTo(Math.max(...values), 6)
    // One factor from edge to edge.
    const factors = counts.map((_, i) => edgesMs[i + 1]! / edgesMs[i]!)
    for (const factor of factors) expect(factor).toBeCloseTo(factors[0]!, 9)
  })

  test('values that are all alike are in the first of four narrow bins', () => {
    const { edgesMs, counts } = of([200, 200, 200])
    expect(counts).toEqual([3, 0, 0, 0])
    expect(edgesMs.map((edge) => edge / 200)).toEqual([
      1,
      expect.closeTo(1.02, 9),
      expect.closeTo(1.02 ** 2, 9),
      expect.closeTo(1.02 ** 3, 9),
      expect.closeTo(1.02 ** 4, 9),
    ])
  })

  test('the percentile curve goes through the values', () => {
    const { curve } = of(Array.from({ length: 101 }, (_, i) => i + 1))
    const at = (share: number) => curve.ms[curve.atShare.indexOf(share)]
    expect([at(0), at(0.5), at(0.9), at(1)]).toEqual([1, 51, 91, 101])
  })
})

describe('groups', () => {
  test('have their own counts, tokens and percentiles', () => {
    const { groups } = detailOf([
      request(0, { app: 'chat', ttftMs: 100, tpotMs: 10, e2eMs: 1_000, outputTokens: 5 }),
      request(1, { app: 'chat', ttftMs: 300, tpotMs: 30, e2eMs: 3_000, outputTokens: 7 }),
      failed(2, { app: 'chat' }),
      failed(3, { app: 'chat', outcome: 'aborted' }),
      request(4, { app: 'rag', ttftMs: 900, tpotMs: 90, e2eMs: 9_000 }),
      request(5, { app: 'rag', measured: false }),
    ])
    const apps = groups.filter(({ by }) => by === 'app')
    expect(apps).toEqual([
      {
        by: 'app',
        name: 'chat',
        completed: 2,
        failed: 1,
        outputTokens: 12,
        ttft: { count: 2, p50: 200, p95: 290, p99: 298 },
        tpot: { count: 2, p50: 20, p95: 29, p99: expect.closeTo(29.8, 9) },
        e2e: { count: 2, p50: 2_000, p95: 2_900, p99: 2_980 },
      },
      {
        by: 'app',
        name: 'rag',
        completed: 1,
        failed: 0,
        outputTokens: 10,
        ttft: { count: 1, p50: 900, p95: 900, p99: 900 },
        tpot: { count: 1, p50: 90, p95: 90, p99: 90 },
        e2e: { count: 1, p50: 9_000, p95: 9_000, p99: 9_000 },
      },
    ])
  })
})

describe('single requests', () => {
  test('that failed are counted, and not those that the client gave up', () => {
    const detail = detailOf([request(0), failed(1), failed(2, { outcome: 'aborted' })])
    expect(detail).toMatchObject({ requests: 3, failures: 1 })
    expect(detail.failed.map(({ outcome }) => outcome)).toEqual(['http_error'])
  })

  test('that were slowest come in order, by TTFT and by E2E', () => {
    const list = Array.from({ length: 30 }, (_, i) =>
      request(i, { id: `r${i}`, ttftMs: (i * 7) % 30, e2eMs: 100 - ((i * 7) % 30) }),
    )
    const { slowestTtft, slowestE2e } = detailOf(list)
    expect(slowestTtft.map(({ ttftMs }) => ttftMs)).toEqual(
      Array.from({ length: 20 }, (_, i) => 29 - i),
    )
    expect(slowestE2e.map(({ e2eMs }) => e2eMs)).toEqual(
      Array.from({ length: 20 }, (_, i) => 100 - i),
    )
  })
})
