import { describe, expect, it } from 'vitest'
import { hasLimits, meetsSlo, requestLimits } from '../../lib/metrics/index.ts'
import type { RequestLimits, TimingValues } from '../../lib/metrics/index.ts'
import { NO_LIMITS, timings } from './fixtures.ts'

const noSlo = {
  ttftP95Ms: undefined,
  ttftP99Ms: undefined,
  tpotP95Ms: undefined,
  tpotP99Ms: undefined,
  itlP95Ms: undefined,
  itlP99Ms: undefined,
  e2eP95Ms: undefined,
  e2eP99Ms: undefined,
  errorRate: 0.01,
  goodput: undefined,
}

describe('meetsSlo', () => {
  it.each<[string, Partial<TimingValues>, Partial<RequestLimits>, boolean]>([
    ['no limit', {}, {}, true],
    ['at the limit', {}, { ttftMs: 100, tpotMs: 10, itlMs: 10, e2eMs: 130 }, true],
    ['TTFT above', {}, { ttftMs: 99.9 }, false],
    ['TPOT above', {}, { tpotMs: 9.9 }, false],
    ['E2E above', {}, { e2eMs: 129 }, false],
    ['one bad of four', {}, { ttftMs: 500, tpotMs: 50, itlMs: 50, e2eMs: 129 }, false],
    [
      'one token: judged without TPOT',
      { tpotMs: undefined, itlMs: [] },
      { tpotMs: 1, itlMs: 1 },
      true,
    ],
    ['no first token: missed', { ttftMs: undefined }, { ttftMs: 1e9 }, false],
    ['no end: missed', { e2eMs: undefined }, { e2eMs: 1e9 }, false],
    ['a stall beyond p95 of the own gaps', { itlMs: [10, 10, 10, 200] }, { itlMs: 50 }, false],
    [
      'a stall within p95 of the own gaps',
      { itlMs: [...Array(99).fill(10), 200] },
      { itlMs: 50 },
      true,
    ],
  ])('%s', (_, change, limits, expected) => {
    expect(meetsSlo(timings(change), { ...NO_LIMITS, ...limits })).toBe(expected)
  })
})

describe('requestLimits', () => {
  it('takes the p95 limit, else the p99 one', () => {
    expect(
      requestLimits({ ...noSlo, ttftP95Ms: 500, ttftP99Ms: 900, e2eP99Ms: 5000, itlP99Ms: 80 }),
    ).toEqual({ ttftMs: 500, tpotMs: undefined, itlMs: 80, itlPercentile: 0.99, e2eMs: 5000 })
  })
  it('has no limit without latency SLOs', () => {
    expect(hasLimits(requestLimits(noSlo))).toBe(false)
    expect(hasLimits(requestLimits({ ...noSlo, tpotP99Ms: 40 }))).toBe(true)
  })
})
