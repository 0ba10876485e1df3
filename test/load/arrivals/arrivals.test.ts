import fc from 'fast-check'
import { mean, standardDeviation } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import {
  arrivalPlan,
  arrivalTimes,
  dailyCycle,
  expectedBy,
  expectedRequests,
  forecast,
  inverseOfIntegral,
  mostDueWithin,
  packSchedule,
  peakInFlight,
  scheduleFacts,
  scheduleReader,
  shapeOfCv,
  tracePhases,
  type ArrivalProcess,
  type RatePiece,
} from '../../../lib/load/index.ts'
import { exponentialCdf, gammaCdf, ksTest } from '../../../scripts/bench/arrivals/goodness.ts'
import { load } from '../load.ts'

const steady = (rate: number, seconds: number): RatePiece[] => [
  { startMs: 0, endMs: seconds * 1000, from: rate, to: rate },
]
const gapsOf = (times: Float64Array): number[] =>
  Array.from(times.slice(1), (time, i) => time - (times[i] as number))
const spike: RatePiece[] = [
  { startMs: 0, endMs: 60_000, from: 5, to: 5 },
  { startMs: 60_000, endMs: 70_000, from: 5, to: 100 },
  { startMs: 70_000, endMs: 90_000, from: 100, to: 100 },
  { startMs: 90_000, endMs: 90_001, from: 100, to: 0 },
  { startMs: 90_001, endMs: 120_000, from: 0, to: 0 },
  { startMs: 120_000, endMs: 150_000, from: 0, to: 20 },
]

describe('the integral of the rate and its inverse', () => {
  it.each<[string, RatePiece, [area: number, ms: number][]]>([
    [
      'steady',
      { startMs: 0, endMs: 10_000, from: 2, to: 2 },
      [
        [0, 0],
        [1, 500],
        [20, 10_000],
      ],
    ],
    // 0 to 10/s in 10 s: area = x²/2.
    [
      'from 0',
      { startMs: 0, endMs: 10_000, from: 0, to: 10 },
      [
        [0, 0],
        [2, 2000],
        [50, 10_000],
      ],
    ],
    // 10/s to 0 in 10 s: area = 10x − x²/2.
    [
      'to 0',
      { startMs: 5000, endMs: 15_000, from: 10, to: 0 },
      [
        [9.5, 6000],
        [50, 15_000],
      ],
    ],
  ])('%s', (_, piece, expected) => {
    const at = inverseOfIntegral([piece])
    for (const [area, ms] of expected) expect(at(area)).toBeCloseTo(ms, 6)
  })

  it('goes over pieces without requests', () => {
    const at = inverseOfIntegral(spike)
    const before = expectedRequests(spike.slice(0, 4))
    expect(at(before)).toBeCloseTo(90_001, 3)
    expect(at(before + 1e-9)).toBeGreaterThan(120_000)
  })

  it('is the inverse for any pieces (numerical integral as the oracle)', () => {
    const rates = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(rates, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (levels, share) => {
        const pieces = levels.slice(1).map((to, i) => ({
          startMs: i * 1000,
          endMs: (i + 1) * 1000,
          from: levels[i] as number,
          to,
        }))
        const all = expectedRequests(pieces)
        fc.pre(all > 0)
        const ms = inverseOfIntegral(pieces)(all * share)
        let area = 0
        for (const { startMs, from, to } of pieces) {
          const x = Math.min(1, Math.max(0, (ms - startMs) / 1000))
          area += x * (from + (from + (to - from) * x)) * 0.5
        }
        expect(area).toBeCloseTo(all * share, 6)
      }),
    )
  })

  it('makes a daily cycle that follows the cosine within 1 % of its peak', () => {
    const pieces = dailyCycle(2, 50, 240_000, 2)
    expect(pieces.at(-1)?.endMs).toBe(480_000)
    expect(pieces[0]?.from).toBeCloseTo(2, 9)
    expect(Math.max(...pieces.map((piece) => piece.to))).toBeCloseTo(50, 9)
    for (const piece of pieces) {
      const phase = ((piece.startMs + piece.endMs) / 2 / 240_000) * 2 * Math.PI
      const middle = (piece.from + piece.to) / 2
      expect(Math.abs(middle - (2 + 24 * (1 - Math.cos(phase))))).toBeLessThan(0.5)
    }
    expect(expectedRequests(pieces)).toBeCloseTo(26 * 480, 6)
  })
})

describe('the most requests due within a time', () => {
  it.each([1, 500, 8000, 25_000, 149_999, 150_000, 400_000])(
    'is that of the fullest of many stretches of %i ms',
    (ms) => {
      let most = 0
      for (let end = 0; end <= 150_000 + ms; end += Math.max(10, ms / 1000)) {
        most = Math.max(most, expectedBy(spike, end) - expectedBy(spike, end - ms))
      }
      const found = mostDueWithin(spike, ms)
      expect(found).toBeGreaterThanOrEqual(most - 1e-9)
      expect(found).toBeLessThanOrEqual(most * 1.002 + 0.1)
    },
  )

  it('is around the top where the rate rises and falls', () => {
    const hill: RatePiece[] = [
      { startMs: 0, endMs: 10_000, from: 0, to: 10 },
      { startMs: 10_000, endMs: 20_000, from: 10, to: 0 },
    ]
    // From 9 s to 11 s: two trapezoids of 1 s between 9/s and 10/s.
    expect(mostDueWithin(hill, 2000)).toBeCloseTo(19, 6)
  })
})

describe('arrival times', () => {
  const processes: ArrivalProcess[] = [
    { kind: 'constant' },
    { kind: 'poisson' },
    { kind: 'gamma', shape: 0.25 },
    { kind: 'gamma', shape: 4 },
  ]

  it('keep the count, the order and the window, whatever the process, rate and seed', () => {
    const rate = fc.double({ min: 0.2, max: 80, noNaN: true })
    const process = fc.constantFrom(...processes)
    fc.assert(
      fc.property(process, rate, rate, fc.integer(), (kind, from, to, seed) => {
        const pieces = [{ startMs: 0, endMs: 20_000, from, to }]
        const times = arrivalTimes(pieces, kind, seed)
        expect(times.length).toBe(Math.round((from + to) * 10))
        // Thousands of times in each of the runs: an assertion for every one would be most of the work.
        expect(times.findIndex((time, n) => time < (times[n - 1] ?? 0))).toBe(-1)
        expect(times[times.length - 1] ?? 0).toBeLessThanOrEqual(20_000)
        const again = arrivalTimes(pieces, kind, seed)
        expect(times.findIndex((time, n) => time !== again[n])).toBe(-1)
      }),
      { numRuns: 60 },
    )
  })

  it('of constant arrivals are at equal distances from 0', () => {
    expect(Array.from(arrivalTimes(steady(4, 2), { kind: 'constant' }, 1))).toEqual([
      0, 250, 500, 750, 1000, 1250, 1500, 1750,
    ])
  })

  it('leave as long a gap behind the last as before the first, and fill the window with both', () => {
    // N + 1 equal gaps fill 10 s for N arrivals: the first after one gap, the last one gap before the end.
    const nearlyEven = { kind: 'gamma', shape: 1e8 } as const
    const times = arrivalTimes(steady(1, 10), nearlyEven, 1)
    Array.from(times).forEach((time, n) => expect(time).toBeCloseTo(((n + 1) * 10_000) / 11, -1))
    // Over many seeds what is left behind the last is, in the mean, one gap of the process.
    const seeds = Array.from({ length: 400 }, (_, seed) => seed)
    const rest = (kind: ArrivalProcess) =>
      mean(seeds.map((seed) => 10_000 - (arrivalTimes(steady(1, 10), kind, seed).at(-1) ?? 0)))
    expect(rest({ kind: 'poisson' }) / (10_000 / 11)).toBeGreaterThan(0.8)
    expect(rest({ kind: 'poisson' }) / (10_000 / 11)).toBeLessThan(1.2)
  })

  it('differ between seeds', () => {
    const times = (seed: number) => arrivalTimes(steady(10, 10), { kind: 'poisson' }, seed)[0]
    expect(new Set([1, 2, 3, 4, 5].map(times)).size).toBe(5)
  })

  // Seeds are fixed, so these do not fail by chance; p above 1 % for all five says that the fit is good.
  it.each([1, 2, 3, 4, 5])('of a Poisson process have exponential gaps (seed %i)', (seed) => {
    const gaps = gapsOf(arrivalTimes(steady(50, 100), { kind: 'poisson' }, seed))
    expect(ksTest(gaps, exponentialCdf(20)).p).toBeGreaterThan(0.01)
    expect(ksTest(gaps, gammaCdf(0.8, 25)).p).toBeLessThan(1e-6)
  })

  it.each([0.25, 0.5, 2, 10])('of a gamma process have gamma gaps (shape %f)', (shape) => {
    const gaps = gapsOf(arrivalTimes(steady(50, 100), { kind: 'gamma', shape }, 7))
    expect(ksTest(gaps, gammaCdf(shape, 20 / shape)).p).toBeGreaterThan(0.01)
    expect(ksTest(gaps, exponentialCdf(20)).p).toBeLessThan(1e-6)
    const cv = standardDeviation(gaps) / mean(gaps)
    expect(shapeOfCv(cv) / shape).toBeGreaterThan(0.85)
    expect(shapeOfCv(cv) / shape).toBeLessThan(1.15)
  })

  it('follow the rate of ramps and spikes, and keep the process in rescaled time', () => {
    const times = arrivalTimes(spike, { kind: 'poisson' }, 3)
    for (const piece of spike) {
      const inside = times.filter((time) => time >= piece.startMs && time < piece.endMs).length
      const expected = expectedRequests([piece])
      expect(Math.abs(inside - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected))
    }
    // Time rescaling theorem: through the integral of the rate, gaps are exponential with mean 1.
    const area = (ms: number) =>
      spike.reduce((sum, { startMs, endMs, from, to }) => {
        const x = Math.min(1, Math.max(0, (ms - startMs) / (endMs - startMs)))
        return sum + (x * (2 * from + (to - from) * x) * 0.5 * (endMs - startMs)) / 1000
      }, 0)
    const gaps = gapsOf(times.map(area))
    expect(ksTest(gaps, exponentialCdf(1)).p).toBeGreaterThan(0.01)
  })
})

describe('a packed schedule', () => {
  it('gives back every due time to the microsecond, and the facts of the whole', () => {
    const times = arrivalTimes(steady(100, 60), { kind: 'gamma', shape: 0.5 }, 11)
    const elements = packSchedule(times, 2000)
    const reader = scheduleReader(JSON.parse(JSON.stringify(elements)) as string[])
    for (const n of [0, 1, 2047, 2048, 5999, 17]) {
      expect(Math.abs(reader.dueMs(n) - (times[n] as number))).toBeLessThanOrEqual(0.0005001)
    }
    expect(reader.facts).toEqual(scheduleFacts(times, 2000))
    expect(() => reader.dueMs(6000)).toThrow(/rows 0 to 5999/)
    expect(elements.reduce((sum, element) => sum + element.length, 0) / 6000).toBeLessThan(7)
  })

  it('is refused when it is something else', () => {
    expect(() => scheduleReader(['hello'])).toThrow('not a packed table')
    expect(() => scheduleReader(packSchedule(new Float64Array(5000), 1).slice(0, 2))).toThrow(
      'cut short',
    )
  })
})

describe('the plan', () => {
  const times = Float64Array.from([0, 10, 20, 1000, 1010, 5000])
  const facts = scheduleFacts(times, 100)

  it('counts the peak in flight', () => {
    expect(facts).toMatchObject({ requests: 6, lastMs: 5000, peakInFlight: 3, peakPerSecond: 3 })
    expect(peakInFlight([], 100)).toBe(0)
    expect(peakInFlight([0, 0, 0], 1)).toBe(3)
    // A request that ends when the next one starts is not in flight beside it.
    expect(peakInFlight([0, 100, 200], 100)).toBe(1)
  })

  it('plays the schedule by shared-iterations with a maximum duration of its own', () => {
    const phases = tracePhases(facts, 6000, 500)
    const plan = arrivalPlan({ shape: 'replay', facts, phases, drainMs: 30_000 })
    expect(plan.scenarios).toEqual({
      replay: {
        executor: 'shared-iterations',
        vus: 6,
        iterations: 6,
        maxDuration: '36000ms',
        gracefulStop: '30000ms',
        exec: 'default',
      },
    })
    expect(
      plan.phases.map((phase) => [phase.name, phase.startMs, phase.endMs, phase.measured]),
    ).toEqual([
      ['warmup', 0, 500, false],
      ['trace', 500, 6000, true],
    ])
    expect(plan.peak).toBe(1)
  })

  it('says when VUs are too few', () => {
    const plan = arrivalPlan({ shape: 'x', facts, phases: [], drainMs: 0, maxVUs: 2 })
    expect(plan.maxVUs).toBe(2)
    const told = forecast(plan, load({ maxVUs: 2 }), facts).join()
    expect(told).toContain('MAX_VUS is 2, but up to 3 requests')
  })

  it('refuses an empty schedule', () => {
    const empty = scheduleFacts([], 1)
    expect(() => arrivalPlan({ shape: 'x', facts: empty, phases: [], drainMs: 0 })).toThrow(
      /no request/,
    )
  })
})
