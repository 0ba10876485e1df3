import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  certainPercentile,
  certainShare,
  missingRequests,
} from '../../lib/report/figures/missing.ts'
import { percentile } from '../../lib/statistics/index.ts'
import type { TrendStats } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'

function statsOf(values: readonly number[]): TrendStats {
  const at = (p: number) => percentile(values, p) ?? null
  return {
    kind: 'trend',
    count: values.length,
    avg: null,
    min: at(0),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  }
}

describe('what is certain of a percentile', () => {
  it('is never wrong, whatever the missing samples were', () => {
    const value = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 120 }),
        fc.array(value, { maxLength: 20 }),
        value,
        fc.constantFrom(0.95, 0.99),
        (seen, missing, limit, p) => {
          const counts = { total: seen.length, missing: missing.length }
          const { kept, missed } = certainPercentile(statsOf(seen), p, limit, counts)
          const whole = percentile([...seen, ...missing], p) as number
          if (kept) expect(whole).toBeLessThanOrEqual(limit)
          if (missed) expect(whole).toBeGreaterThan(limit)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  const low = statsOf(Array.from({ length: 100 }, () => 10))
  it.each([
    [4, { kept: true, missed: false }],
    // 6 of 106 are more than 5 %.
    [6, { kept: false, missed: false }],
  ])('a hundred far below the limit, and %i missing: %j', (missing, certain) => {
    expect(certainPercentile(low, 0.95, 100, { total: 100, missing })).toEqual(certain)
  })

  it.each([
    [1_000, true],
    [2_500, false],
  ])('a hundred far above it, and %i still to come: missed is %s', (missing, missed) => {
    const found = certainPercentile(low, 0.95, 5, { total: 100, missing })
    expect(found).toEqual({ kept: false, missed })
  })
})

describe('what is certain of a share', () => {
  it.each([
    [
      { hits: 1, total: 199, missing: 1 },
      { kept: true, missed: false },
    ],
    [
      { hits: 1, total: 199, missing: 2 },
      { kept: false, missed: false },
    ],
    [
      { hits: 5, total: 100, missing: 399 },
      { kept: false, missed: true },
    ],
    [
      { hits: 5, total: 100, missing: 400 },
      { kept: false, missed: false },
    ],
  ])('of %j with at most 1 %: %j', (counts, certain) => {
    expect(certainShare(counts, (share) => share <= 0.01)).toEqual(certain)
  })
})

describe('missing requests', () => {
  const run = runInfo('spike')
  const measured = { started: 60, finished: 58, lengthMs: 8_000 }

  it('are those in flight of a whole run', () => {
    expect(missingRequests(run, measured, 26_000)).toEqual({ inFlight: 2, unsent: 0 })
  })

  it('are those of the plan too of one that stopped', () => {
    // 20 requests/s for 6 s of the spike and 5 for 8 s of recovery: 160 of the plan, above the pace.
    expect(missingRequests(run, measured, 12_000)).toEqual({ inFlight: 2, unsent: 160 })
  })

  it('are as many as the pace so far tells, where that is more than the plan', () => {
    const busy = { started: 600, finished: 600, lengthMs: 8_000 }
    expect(missingRequests(run, busy, 12_000)).toEqual({ inFlight: 0, unsent: 1_050 })
  })
})
