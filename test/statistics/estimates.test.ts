import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import {
  looks,
  meanEstimate,
  meanEstimateFromSlices,
  percentile,
  QUANTILE_GRID,
  quantileEstimate,
  quantileEstimatesFromSlices,
  rateEstimateFromSlices,
  ratioEstimateFromSlices,
  samplesToBound,
  samplesToDecide,
  shareEstimate,
  verdictOf,
} from '../../lib/statistics/index.ts'
import type { Estimate, GridSlice } from '../../lib/statistics/index.ts'

/** Normal numbers that remember the last ones: x' = memory · x + noise, with mean 0 and variance 1. */
function series(seed: number, n: number, memory: number): { values: number[]; timesMs: number[] } {
  const uniform = randomSource(seed, 'series')
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  let x = normal()
  const values = Array.from({ length: n }, () => {
    x = memory * x + Math.sqrt(1 - memory * memory) * normal()
    return x
  })
  return { values, timesMs: values.map((_, i) => 10 * i) }
}

/** Share of seeded runs in which an interval covers the truth, of those that give one. */
function coverage(runs: number, truth: number, estimate: (seed: number) => Estimate) {
  let [given, covered] = [0, 0]
  for (let seed = 1; seed <= runs; seed++) {
    const { low, high } = estimate(seed)
    if (low === undefined || high === undefined) continue
    given++
    if (low <= truth && truth <= high) covered++
  }
  return { given: given / runs, covered: covered / given }
}

describe('sample floors', () => {
  it.each([
    [0.9, 64],
    [0.95, 130],
    [0.99, 662],
    [0.999, 6636],
  ])('p%d is bounded from MLPerf’s %d samples at 0.99', (p, floor) => {
    expect(samplesToBound(p, 0.99)).toBe(floor)
  })

  it.each([0.9, 0.95, 0.99])('intervals of p%d begin at their floor', (p) => {
    const floor = samplesToBound(p, 0.99)
    const of = (n: number) =>
      quantileEstimate({ values: series(1, n, 0).values, timesMs: undefined }, p, 0.98)
    expect(of(floor).high).toBeDefined()
    expect(of(floor - 1)).toMatchObject({ high: undefined, needs: floor })
  })
})

describe('bounds of a quantile of independent samples', () => {
  /** P(Bin(n, p) <= k), summed up. */
  const binomial = (n: number, p: number, k: number) => {
    let term = (1 - p) ** n
    let sum = term
    for (let i = 1; i <= k; i++) {
      term *= ((n - i + 1) / i) * (p / (1 - p))
      sum += term
    }
    return sum
  }

  it('are the ranks of the binomial distribution', () => {
    const ranks = fc.record({
      n: fc.integer({ min: 2, max: 200 }),
      p: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    })
    fc.assert(
      fc.property(ranks, ({ n, p }) => {
        const values = Array.from({ length: n }, (_, i) => i + 1)
        const { low, high } = quantileEstimate({ values, timesMs: undefined }, p)
        // Each bound errs in at most 2.5 %, and the next one inside would err in more.
        if (low !== undefined) {
          expect(binomial(n, p, low - 1)).toBeLessThanOrEqual(0.025 + 1e-9)
          expect(binomial(n, p, low)).toBeGreaterThan(0.025 - 1e-5)
        }
        if (high !== undefined) {
          expect(1 - binomial(n, p, high - 1)).toBeLessThanOrEqual(0.025 + 1e-9)
          if (high > 1) expect(1 - binomial(n, p, high - 2)).toBeGreaterThan(0.025 - 1e-5)
        }
      }),
    )
  })
})

describe('intervals of samples that remember each other', () => {
  it.each([
    [0, 2000],
    [0.5, 2000],
    [0.8, 4000],
  ])('cover the truth at memory %d', (memory, n) => {
    const p50 = coverage(60, 0, (seed) => quantileEstimate(series(seed, n, memory), 0.5))
    const mean = coverage(60, 0, (seed) => meanEstimate(series(seed, n, memory)))
    expect(p50.given).toBeGreaterThan(0.5)
    expect(p50.covered).toBeGreaterThanOrEqual(0.94)
    expect(mean.given).toBeGreaterThan(0.5)
    expect(mean.covered).toBeGreaterThanOrEqual(0.94)
  })

  it('would not, if their times were left out', () => {
    const naive = coverage(50, 0, (seed) =>
      quantileEstimate({ ...series(seed, 4000, 0.9), timesMs: undefined }, 0.5),
    )
    expect(naive.covered).toBeLessThan(0.7)
  })

  it('are not given where the memory is a large part of the run', () => {
    const short = coverage(50, 0, (seed) => quantileEstimate(series(seed, 400, 0.98), 0.5))
    expect(short.given).toBeLessThan(0.1)
  })

  it('are not given under drift', () => {
    const { values, timesMs } = series(1, 2000, 0)
    const drifting = values.map((x, i) => x + i / 500)
    expect(quantileEstimate({ values: drifting, timesMs }, 0.5).high).toBeUndefined()
    expect(meanEstimate({ values: drifting, timesMs }).high).toBeUndefined()
  })
})

describe('waits in a queue', () => {
  /** Waits of a queue with one server at 80 % use (Lindley 1952). */
  const USE = 0.8
  const waits = (seed: number, n: number) => {
    const uniform = randomSource(seed, 'waits')
    const span = (mean: number) => -mean * Math.log(1 - uniform())
    let [wait, at] = [0, 0]
    const next = () => {
      const gap = span(1 / USE)
      wait = Math.max(0, wait + span(1) - gap)
      return { wait, at: (at += gap) }
    }
    for (let i = 0; i < 2000; i++) next()
    const played = Array.from({ length: n }, next)
    // An idle server takes its time as well, and no two requests take the same.
    return {
      values: played.map((one) => one.wait + 0.1 + 1e-4 * uniform()),
      timesMs: played.map((one) => one.at),
    }
  }
  it('have tails that come in rushes, which takes more of them, and a longer run to tell', () => {
    const observations = waits(3, 20_000)
    const width = (of: Estimate) => (of.high ?? Infinity) - (of.low ?? -Infinity)
    const [plain, queued] = [false, true].map((is) =>
      quantileEstimate({ ...observations, queued: is }, 0.9),
    ) as [Estimate, Estimate]
    expect(width(queued)).toBeGreaterThan(1.05 * width(plain))
    const p99 = quantileEstimate({ ...observations, queued: true }, 0.99)
    expect(p99.high).toBeUndefined()
    expect(p99.needs).toBeGreaterThan(40_000)
    // What is common is no tail.
    expect(quantileEstimate({ ...observations, queued: true }, 0.5)).toEqual(
      quantileEstimate(observations, 0.5),
    )
  })
})

describe('from slices', () => {
  const slices = (values: readonly number[], count = 12): GridSlice[] =>
    Array.from({ length: count }, (_, i) => {
      const part = values.slice((i * values.length) / count, ((i + 1) * values.length) / count)
      return {
        count: part.length,
        sum: part.reduce((sum, x) => sum + x, 0),
        quantiles: QUANTILE_GRID.map((p) => percentile(part, p) as number),
      }
    })

  const ofSlices = (parts: readonly GridSlice[], p: number) =>
    quantileEstimatesFromSlices(parts, QUANTILE_GRID, [p])[0] as Estimate

  it('cover the truth, too', () => {
    const p50 = coverage(50, 0, (seed) => ofSlices(slices(series(seed, 3000, 0.5).values), 0.5))
    const mean = coverage(50, 0, (seed) =>
      meanEstimateFromSlices(slices(series(seed, 3000, 0.5).values), QUANTILE_GRID),
    )
    for (const each of [p50, mean]) {
      expect(each.given).toBeGreaterThan(0.5)
      expect(each.covered).toBeGreaterThanOrEqual(0.94)
    }
  })

  it('bound the ranks from outside: with the same worth, no narrower than single values', () => {
    const { values } = series(5, 3000, 0)
    const { low, high, effectiveSamples } = ofSlices(slices(values), 0.9)
    const alike = quantileEstimate({ values, timesMs: undefined }, 0.9)
    expect(effectiveSamples).toBeLessThanOrEqual(3000)
    expect(low).toBeLessThanOrEqual(alike.low as number)
    expect(high).toBeGreaterThanOrEqual(alike.high as number)
  })

  it('have no bounds with fewer than 8', () => {
    const few = slices(series(1, 1000, 0).values, 7)
    expect(ofSlices(few, 0.5)).toMatchObject({ high: undefined })
  })
})

describe('shares', () => {
  it('are Clopper and Pearson’s where independent', () => {
    // Their own tables: none of 10 is at most 30.85 %, 5 of 10 lie between 18.71 and 81.29 %.
    const of = (hits: number) =>
      shareEstimate({
        values: [...Array(hits).fill(1), ...Array(10 - hits).fill(0)],
        timesMs: undefined,
      })
    expect(of(0)).toMatchObject({ low: 0, high: expect.closeTo(0.3085, 4) })
    expect(of(5)).toMatchObject({ low: expect.closeTo(0.1871, 4), high: expect.closeTo(0.8129, 4) })
    expect(of(10)).toMatchObject({ low: expect.closeTo(0.6915, 4), high: 1 })
  })

  it('are wider where hits come in groups', () => {
    const timesMs = Array.from({ length: 4000 }, (_, i) => i)
    const even = timesMs.map((i) => (i % 100 === 0 ? 1 : 0))
    const grouped = timesMs.map((i) => (i % 1000 < 10 ? 1 : 0))
    const width = (values: number[]) => {
      const { low, high } = shareEstimate({ values, timesMs })
      return (high as number) - (low as number)
    }
    expect(width(grouped)).toBeGreaterThan(1.5 * width(even))
  })

  it('of none rest on fewer samples than there are', () => {
    const timesMs = Array.from({ length: 1000 }, (_, i) => i)
    const { high } = shareEstimate({ values: timesMs.map(() => 0), timesMs })
    expect(high).toBeGreaterThan(0.0037 * 4)
  })
})

describe('rates', () => {
  it('cover the truth', () => {
    const found = coverage(60, 100, (seed) => {
      const uniform = randomSource(seed, 'rate')
      const slices = Array.from({ length: 128 }, () => ({ lengthMs: 20_000 / 128, amount: 0 }))
      for (let at = 0; at < 20_000; at -= 10 * Math.log(1 - uniform()))
        slices[Math.floor((at / 20_000) * 128)]!.amount++
      return rateEstimateFromSlices(slices)
    })
    expect(found.given).toBeGreaterThan(0.8)
    expect(found.covered).toBeGreaterThanOrEqual(0.94)
  })

  it('vary as what was asked for does, where a busy server steadies what comes', () => {
    const uniform = randomSource(2, 'asked')
    const slices = Array.from({ length: 128 }, () => ({
      lengthMs: 1000,
      amount: 100 + uniform(),
      asked: uniform() < 0.25 ? 400 * uniform() : 50,
    }))
    const width = (of: Estimate) => (of.high as number) - (of.low as number)
    const [found, blind] = [slices, slices.map(({ asked: _, ...came }) => came)].map((each) =>
      rateEstimateFromSlices(each),
    ) as [Estimate, Estimate]
    expect(found.value).toBe(blind.value)
    expect(width(found)).toBeGreaterThan(20 * width(blind))
    // Where both vary alike, it is known to be so, and takes less caution.
    const alike = slices.map(({ lengthMs, asked }) => ({ lengthMs, amount: asked, asked }))
    const unasked = alike.map(({ lengthMs, amount }) => ({ lengthMs, amount }))
    expect(width(rateEstimateFromSlices(alike))).toBeLessThan(
      width(rateEstimateFromSlices(unasked)),
    )
  })

  it('leave out of a ratio what its denominator explains', () => {
    const uniform = randomSource(1, 'ratio')
    const slices = Array.from({ length: 64 }, () => {
      const count = 100 + Math.floor(900 * uniform())
      return { count, sum: 0.25 * count + uniform() }
    })
    const { low, high } = ratioEstimateFromSlices(slices)
    expect(low).toBeGreaterThan(0.249)
    expect(high).toBeLessThan(0.253)
  })
})

test.each([
  [
    { low: 80, high: 120 },
    'atMost',
    [119, 120, 79, 80],
    ['undecided', 'kept', 'missed', 'undecided'],
  ],
  [
    { low: 80, high: 120 },
    'atLeast',
    [81, 80, 121, 120],
    ['undecided', 'kept', 'missed', 'undecided'],
  ],
  [{ low: undefined, high: 120 }, 'atMost', [130, 1], ['kept', 'undecided']],
  [{ low: 80, high: undefined }, 'atMost', [1e9, 70], ['undecided', 'missed']],
] as const)('%j judges limits of kind %s %j as %j', (bounds, kind, limits, verdicts) => {
  const estimate = { ...NONE, value: 100, ...bounds }
  expect(limits.map((limit) => verdictOf(estimate, limit, kind))).toEqual(verdicts)
})

const NONE: Estimate = {
  value: undefined,
  low: undefined,
  high: undefined,
  confidence: 0.95,
  samples: 400,
  effectiveSamples: undefined,
}

test('how many samples decide: the bound comes closer with the root of their number', () => {
  const found = { ...NONE, value: 100, low: 80, high: 120 }
  const to = (limit: number, more = {}) => samplesToDecide({ ...found, ...more }, limit, 'atMost')
  expect(to(110)).toBe(1600)
  expect(to(95)).toBe(6400)
  expect(to(130)).toBe(400)
  expect(to(100)).toBeUndefined()
  expect(to(110, { high: undefined, needs: 900 })).toBe(900)
  expect(to(110, { value: undefined })).toBeUndefined()
})

test('looks spend the error once, and end with the run', () => {
  const found = looks(600_000, 3, 0.05)
  // One side of an interval can be wrong about a limit.
  const spent = found.reduce((sum, { confidence }) => sum + (3 * (1 - confidence)) / 2, 0)
  expect(spent).toBeCloseTo(0.05, 10)
  expect(found.at(-1)?.atMs).toBe(600_000)
})
