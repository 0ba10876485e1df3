import { describe, expect, it } from 'vitest'
import { latencyLimits, meetsSlo, requestLimits } from '../../lib/metrics/index.ts'
import type { LimitField, TimingValues } from '../../lib/metrics/index.ts'
import { timings } from './fixtures.ts'

type Limits = Partial<Record<LimitField, number>>

/** Timings as of a connection that was kept and without a schedule, its one token sent at once. */
const BARE = { tpotMs: undefined, itlMs: [], iclMs: [], stallMs: undefined }

describe('meetsSlo', () => {
  it.each<[string, Partial<TimingValues>, Limits, boolean]>([
    ['no limit', {}, {}, true],
    ['at the limit', {}, { ttftP95Ms: 100, tpotP95Ms: 10, itlP95Ms: 10, e2eP95Ms: 130 }, true],
    ['TTFT above', {}, { ttftP95Ms: 99.9 }, false],
    ['TPOT above', {}, { tpotP95Ms: 9.9 }, false],
    ['E2E above', {}, { e2eP95Ms: 129 }, false],
    ['TTFT from due above', {}, { ttftP95Ms: 100, ttftDueP95Ms: 102 }, false],
    ['one bad of four', {}, { ttftP95Ms: 500, tpotP95Ms: 50, itlP95Ms: 50, e2eP99Ms: 129 }, false],
    ['one token: judged without TPOT', BARE, { tpotP95Ms: 1, itlP95Ms: 1, stallP95Ms: 1 }, true],
    ['no first token: missed', { ttftMs: undefined }, { ttftP95Ms: 1e9 }, false],
    ['no token of the answer: missed', { ttfoMs: undefined }, { ttfoP95Ms: 1e9 }, false],
    ['no end: missed', { e2eMs: undefined }, { e2eP95Ms: 1e9 }, false],
    ['a stall beyond p95 of the own gaps', { itlMs: [10, 10, 10, 200] }, { itlP95Ms: 50 }, false],
    [
      'a stall within p95 of the own gaps',
      { itlMs: [...Array<number>(99).fill(10), 200] },
      { itlP95Ms: 50 },
      true,
    ],
    ['only the median is limited', {}, { ttftP50Ms: 1, e2eMeanMs: 1 }, true],
  ])('%s', (_, change, limits, expected) => {
    const asked = requestLimits({ errorRate: 0.01, ...limits })
    expect(meetsSlo(timings(change), asked)).toBe(expected)
  })
})

describe('requestLimits', () => {
  it('takes the limit at p95, else at p99, else at p90, and none at the median or the mean', () => {
    const found = requestLimits({
      errorRate: 0.01,
      ttftP90Ms: 300,
      ttftP95Ms: 500,
      ttftP99Ms: 900,
      itlP90Ms: 40,
      itlP99Ms: 80,
      tpotP90Ms: 20,
      e2eP50Ms: 5000,
      stallMeanMs: 100,
    })
    expect(found).toHaveLength(3)
    expect(found).toEqual(
      expect.arrayContaining([
        { timing: 'ttftMs', limitMs: 500, share: 0.95 },
        { timing: 'itlMs', limitMs: 80, share: 0.99 },
        { timing: 'tpotMs', limitMs: 20, share: 0.9 },
      ]),
    )
  })

  it('knows every latency', () => {
    for (const { field, timing, share } of latencyLimits()) {
      const asked = requestLimits({ errorRate: 0, [field]: 7 })
      const tail = share !== undefined && share > 0.5
      expect(asked, field).toEqual(tail ? [{ timing, limitMs: 7, share }] : [])
    }
  })
})
