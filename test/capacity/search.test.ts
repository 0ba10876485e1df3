import { describe, expect, it } from 'vitest'
import { crossing, findCapacity, kneeOf } from '../../lib/capacity/index.ts'
import type { Measurement, SearchOptions } from '../../lib/capacity/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { pointOf } from '../../lib/capacity/point.ts'
import { searchedCapacity } from '../../scripts/virtual/capacity.ts'

const OPTIONS: SearchOptions = {
  unit: 'requests/s',
  start: 4,
  min: 0.5,
  max: 128,
  target: 0.95,
  confidence: 0.95,
  precision: 0.05,
  warmupMs: 15_000,
  durationMs: 60_000,
  maxRuns: 60,
  maxMinutes: 600,
}

/** A minute at a load of which so many requests are good, by chance or exactly. */
function minute(load: number, share: number, random?: () => number): Measurement {
  const stretches = Array.from({ length: 6 }, () => {
    const judged = Math.round(load * 10)
    const drawn = () => Array.from({ length: judged }, () => random!()).filter((u) => u < share)
    const good = random === undefined ? judged * share : drawn().length
    return { good, judged }
  })
  const total = (of: 'good' | 'judged') => stretches.reduce((sum, s) => sum + s[of], 0)
  return {
    load,
    judged: total('judged'),
    good: total('good'),
    warmupMs: 15_000,
    windowMs: 60_000,
    completed: total('judged'),
    outputTokensPerS: load * 100,
    ttftP50Ms: 1,
    ttftP95Ms: 1,
    tpotP50Ms: 1,
    tpotP95Ms: 1,
    e2eMeanMs: 1000,
    stretches,
    clientLimit: undefined,
  }
}

/** Good share that falls from 1 with the load, 0.95 at `limit`. */
const falling = (limit: number) => (load: number) =>
  1 / (1 + Math.exp(8 * Math.log(load / limit) - Math.log(0.95 / 0.05)))

describe('the search', () => {
  it.each([1.7, 9.3, 77])('finds a limit of %d requests/s that it is not told', async (limit) => {
    const random = randomSource(5)
    const asked: number[] = []
    const share = falling(limit)
    const found = await findCapacity(async (load) => {
      asked.push(load)
      return minute(load, share(load), random)
    }, OPTIONS)
    expect(found.status).toBe('found')
    expect(Math.abs(found.capacity! / limit - 1)).toBeLessThan(0.05)
    expect(found.low!).toBeLessThan(found.capacity!)
    expect(found.high!).toBeGreaterThan(found.capacity!)
    expect(found.runs).toBe(asked.length)
    expect(found.outputTokensPerS! / found.capacity!).toBeCloseTo(100, -1)
  })

  it('says so when every load kept or missed the limits, or none told anything', async () => {
    const all = await findCapacity(async (load) => minute(load, 1), OPTIONS)
    expect([all.status, all.capacity, all.surelyKept]).toEqual(['above all', null, 128])
    const none = await findCapacity(async (load) => minute(load, 0.2), OPTIONS)
    expect([none.status, none.capacity, none.surelyMissed]).toEqual(['below all', null, 0.5])
    const late = async (load: number) => ({ ...minute(load, 1), clientLimit: 'was late' })
    const client = await findCapacity(late, OPTIONS)
    expect([client.status, client.runs, client.capacity]).toEqual(['client limited', 1, null])
    expect(client.notes[0]).toContain('4 requests/s: was late')
  })

  it('goes no further up once the server is saturated', async () => {
    const asked: number[] = []
    const served = 20
    await findCapacity(async (load) => {
      asked.push(load)
      const run = minute(load, load > served ? 0.5 : 1)
      return { ...run, completed: Math.min(load, served) * 60 }
    }, OPTIONS)
    expect(Math.max(...asked)).toBe(32)
    // Saturated once is enough.
    expect(asked.filter((load) => load === 32)).toHaveLength(1)
  })

  it('stops at the runs it may make, and takes whole numbers in flight', async () => {
    const few = await findCapacity(async (load) => minute(load, falling(9)(load)), {
      ...OPTIONS,
      maxRuns: 3,
    })
    expect(few.runs).toBe(3)
    expect(few.status).toBe('out of runs')
    expect(few.notes.join()).toContain('ended after 3 runs')
    const asked: number[] = []
    const closed = await findCapacity(
      async (load) => {
        asked.push(load)
        return minute(load, load <= 13 ? 1 : 0.5)
      },
      { ...OPTIONS, unit: 'requests in flight', start: 1, min: 1, max: 64 },
    )
    expect(asked.every(Number.isInteger)).toBe(true)
    expect([closed.surelyKept, closed.surelyMissed]).toEqual([13, 14])
  })

  it('names every problem of its options at once', async () => {
    const wrong = { ...OPTIONS, min: -1, target: 1, maxMinutes: 1, precision: 0, warmupMs: -1 }
    await expect(findCapacity(async () => minute(1, 1), wrong)).rejects.toThrow(
      /loads from -1[^]*share of good requests is 1[^]*precision is 0[^]*after -1 ms/,
    )
  })
})

describe('the curve', () => {
  const points = (shares: number[]) =>
    shares.map((share, i) => pointOf([minute(10 + i, share)], OPTIONS))

  it('is crossed between the points, pooled where noise makes it rise', () => {
    const at = crossing(points([1, 0.9]), 0.95)!
    expect(at).toBeCloseTo(Math.sqrt(110), 9)
    const pooled = crossing(points([0.94, 0.98, 0.9]), 0.95)!
    expect(pooled).toBeGreaterThan(11)
    expect(pooled).toBeLessThan(12)
    expect(crossing(points([1, 0.99]), 0.95)).toBeUndefined()
  })

  it('has its knee where throughput / latency is largest', () => {
    const at = (load: number, completed: number, e2eMeanMs: number) =>
      pointOf([{ ...minute(load, 1), completed, e2eMeanMs }], OPTIONS)
    const curve = [at(1, 60, 1000), at(2, 120, 1100), at(4, 230, 1900), at(8, 240, 9000)]
    expect(kneeOf(curve)!.load).toBe(4)
    expect(kneeOf(curve.slice(0, 3))).toBeUndefined()
  })
})

describe("the simulated scheduler's limit", () => {
  const NONE = {
    ttftP99Ms: undefined,
    tpotP99Ms: undefined,
    itlP95Ms: undefined,
    itlP99Ms: undefined,
    e2eP95Ms: undefined,
    e2eP99Ms: undefined,
    errorRate: 0.01,
    goodput: undefined,
  }
  // The truth is trueCapacity of 30 minutes a load: too long for every test run.
  it.each([
    ['TPOT 12 ms', { ...NONE, ttftP95Ms: undefined, tpotP95Ms: 12 }, 8.98],
    ['TTFT 200 ms', { ...NONE, ttftP95Ms: 200, tpotP95Ms: undefined }, 19.72],
  ])(
    'for %s is found within 5 %% by runs of a minute',
    async (_, slo, truth) => {
      const found = await searchedCapacity({ slo, target: 0.95 }, 1, 60_000, {})
      expect(Math.abs(found.capacity! / truth - 1)).toBeLessThan(0.05)
    },
    60_000,
  )
})
