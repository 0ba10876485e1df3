import { describe, expect, it } from 'vitest'
import { crossing, findCapacity, kneeOf } from '../../lib/capacity/index.ts'
import type { SearchOptions } from '../../lib/capacity/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { curveCrossing } from '../../lib/capacity/curve.ts'
import { pointOf } from '../../lib/capacity/point.ts'
import { searchedCapacity } from '../../scripts/virtual/capacity.ts'
import { VIRTUAL_SERVERS } from '../../scripts/virtual/capacity-servers.ts'
import { falling, lasting, minute, OPTIONS } from './made-up.ts'

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
    // Replicas and prices count with the lower end, and what is said of it is at that load.
    expect(found.perReplica).toBe(found.low)
    expect(found.outputTokensPerS! / found.low!).toBeCloseTo(100, -1)
  })

  it('says so when every load kept or missed the limits, or none told anything', async () => {
    const all = await findCapacity(async (load) => minute(load, 1), OPTIONS)
    expect([all.status, all.capacity, all.surelyKept]).toEqual(['above all', null, 128])
    // The most that was kept is no capacity, but a replica takes that for sure.
    expect([all.perReplica, all.outputTokensPerS]).toEqual([128, 12_800])
    const none = await findCapacity(async (load) => minute(load, 0.2), OPTIONS)
    expect([none.status, none.capacity, none.surelyMissed]).toEqual(['below all', null, 0.5])
    expect([none.perReplica, none.outputTokensPerS]).toEqual([null, null])
    const late = async (load: number) => ({ ...minute(load, 1), clientLimit: 'was late' })
    const client = await findCapacity(late, OPTIONS)
    expect([client.status, client.runs, client.capacity]).toEqual(['client limited', 2, null])
    expect(client.notes[0]).toContain('4 requests/s: was late')
  })

  it('goes no further up once the server is saturated', async () => {
    const asked: number[] = []
    const served = 20
    await findCapacity(async (load) => {
      asked.push(load)
      const run = minute(load, load > served ? 0.5 : 1)
      return { ...run, served: Math.min(load, served) * 60 }
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
    expect(few.notes.join()).toContain('Ended after 3 runs')
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

  it('goes on until its interval is as narrow as asked, or says how narrow it is', async () => {
    const share = falling(9.3)
    const sought = (more: Partial<SearchOptions>) => {
      const random = randomSource(11)
      return findCapacity(async (load, plan) => lasting(load, share(load), plan, random), {
        ...OPTIONS,
        ...more,
      })
    }
    const wide = await sought({ precision: 0.2 })
    const narrow = await sought({ precision: 0.03, maxRuns: 200 })
    expect([wide.status, narrow.status]).toEqual(['found', 'found'])
    expect(wide.precision!).toBeLessThanOrEqual(0.2)
    expect(narrow.precision!).toBeLessThanOrEqual(0.03)
    expect(narrow.minutes).toBeGreaterThan(wide.minutes)
    const short = await sought({ precision: 0.01, maxMinutes: 20 })
    expect(short.status).toBe('imprecise')
    expect(short.minutes).toBeLessThanOrEqual(20)
    expect(short.precision!).toBeGreaterThan(0.01)
    expect(short.precision!).toBeCloseTo(
      Math.max(short.high! / short.capacity!, short.capacity! / short.low!) - 1,
      12,
    )
    expect(short.notes.join()).toContain('minutes of load, the most that was allowed')
  })

  it('always ends, whatever is measured', async () => {
    for (const shareOf of [
      () => 0.95,
      (load: number) => (load * 7919) % 1,
      (load: number) => (load > 10 ? 1 : 0.9),
      (load: number) => (load > 9 ? 0 : 1),
    ])
      for (const unit of ['requests/s', 'requests in flight'] as const) {
        const random = randomSource(2)
        const found = await findCapacity(
          async (load, plan) => lasting(load, shareOf(load), plan, random),
          { ...OPTIONS, unit, min: 1 },
        )
        expect(found.runs).toBeLessThanOrEqual(OPTIONS.maxRuns)
        expect(found.minutes).toBeLessThanOrEqual(OPTIONS.maxMinutes)
      }
  })

  it('warms up for as long as answers need, and leaves out runs that did not', async () => {
    const random = randomSource(3)
    const share = falling(9.3)
    // A queue that takes 200 s to build up: before, the server seems to take half as much again.
    const warm = (load: number, warmupMs: number) => share(warmupMs < 150_000 ? load / 1.5 : load)
    const found = await findCapacity(
      async (load, plan) => ({
        ...lasting(load, warm(load, plan.warmupMs), plan, random),
        e2eMeanMs: 25_000,
      }),
      OPTIONS,
    )
    expect(Math.abs(found.capacity! / 9.3 - 1)).toBeLessThan(0.05)
    expect(found.points.filter((p) => !p.settled).length).toBeGreaterThan(2)
    expect(found.points.filter((p) => p.settled).length).toBeGreaterThan(1)
  })

  it('warms up for longer when the share falls inside of the runs', async () => {
    const share = falling(9.3)
    const random = randomSource(4)
    const warmups: number[] = []
    await findCapacity(
      async (load, plan) => {
        warmups.push(plan.warmupMs)
        const run = lasting(load, share(load), plan, random)
        if (plan.warmupMs >= 30_000) return run
        const stretches = run.stretches.map((s, i) => ({
          ...s,
          good: Math.min(s.judged, s.good + (i < 3 ? 1 : -1) * Math.round(0.03 * s.judged)),
        }))
        return { ...run, stretches, good: stretches.reduce((sum, s) => sum + s.good, 0) }
      },
      { ...OPTIONS, maxRuns: 200 },
    )
    expect(Math.max(...warmups)).toBeGreaterThanOrEqual(30_000)
  })

  it('takes what a full server completes for the limit where no limit is missed', async () => {
    const random = randomSource(6)
    const found = await findCapacity(async (load, plan) => {
      const run = lasting(load, 1, plan)
      const served = Math.min(load, 20.4 * (0.99 + 0.02 * random()))
      return { ...run, served: Math.round((served * plan.measuredMs) / 1000) }
    }, OPTIONS)
    expect(found.status).toBe('found')
    expect(Math.abs(found.capacity! / 20.4 - 1)).toBeLessThan(0.02)
  })

  it('takes a run of which the client was the limit once more', async () => {
    const random = randomSource(8)
    const said: string[] = []
    const found = await findCapacity(
      async (load, plan) => ({
        ...lasting(load, falling(9.3)(load), plan, random),
        clientLimit: plan.index % 3 === 1 ? 'was late' : undefined,
      }),
      OPTIONS,
      { limited: (note) => said.push(note) },
    )
    expect(found.status).toBe('found')
    expect(said.length).toBeGreaterThan(2)
    expect(found.points.flatMap((p) => p.runs).length).toBe(found.runs - said.length)
  })

  it('names every problem of its options at once', async () => {
    const wrong = { ...OPTIONS, min: -1, target: 1, maxMinutes: 1, precision: 0, warmupMs: -1 }
    await expect(findCapacity(async () => minute(1, 1), wrong)).rejects.toThrow(
      /loads from -1[^]*share of good requests is 1[^]*precision is 0[^]*after -1 ms/,
    )
  })
})

describe('the interval of the crossing', () => {
  // The same curve again and again: 95 % of intervals must hold its crossing, also where whole runs
  // are better or worse than others, and where the curve is no logistic one.
  const held = (curve: (load: number) => number, limit: number, scatter: number) => {
    const random = randomSource(9)
    let hits = 0
    for (let i = 0; i < 400; i++) {
      const runs = Array.from({ length: 12 }, (_, j) => {
        const load = limit * [0.93, 0.97, 1.03, 1.07][j % 4]!
        const logit = Math.log(curve(load) / (1 - curve(load))) + scatter * (random() - 0.5)
        return minute(load, 1 / (1 + Math.exp(-logit)), random)
      })
      const found = curveCrossing(runs, 0.95, 0.95, limit * 1.02)
      const { low = null, high = null } = found ?? {}
      if (low === null || high === null || (low <= limit && high >= limit)) hits++
    }
    return hits / 400
  }
  it.each([
    ['independent requests', falling(9.3), 0],
    ['runs that differ', falling(9.3), 2],
    ['a curve that is flat and then falls', (load: number) => 0.97 - 0.02 * (load / 9.3) ** 6, 0],
  ])('holds it as often as it says: %s', (_, curve, scatter) => {
    expect(held(curve, 9.3, scatter)).toBeGreaterThan(0.92)
  })

  it('is not claimed of a curve that does not fall', () => {
    const runs = [9, 9, 10, 10].map((load, i) => minute(load, 0.95 + 0.01 * (i % 2)))
    expect(curveCrossing(runs, 0.95, 0.95, 9.5)?.low ?? null).toBeNull()
    expect(curveCrossing([minute(9, 0.95), minute(9, 0.9)], 0.95, 0.95, 9)).toBeUndefined()
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
    const at = (load: number, served: number, e2eMeanMs: number) =>
      pointOf([{ ...minute(load, 1), served, e2eMeanMs }], OPTIONS)
    const curve = [at(1, 60, 1000), at(2, 120, 1100), at(4, 230, 1900), at(8, 240, 9000)]
    expect(kneeOf(curve)!.load).toBe(4)
    expect(kneeOf(curve.slice(0, 3))).toBeUndefined()
  })
})

describe("the simulated scheduler's limit", () => {
  // One per kind of limit and loop; the others take minutes: scripts/virtual/capacity-main.ts. Truths are
  // trueCapacity's, which takes longer still.
  it.each(['batch (TPOT)', 'few requests (TTFT)', 'in flight: batch (TPOT)'])(
    'is found to 5 per cent: %s',
    async (name) => {
      const server = VIRTUAL_SERVERS[name]!
      const found = await searchedCapacity(server, 1, 60_000)
      expect(found.status).toBe('found')
      expect(found.precision!).toBeGreaterThan(0)
      const near = server.closed === true ? Math.max(1, 0.05 * server.truth) : 0.05 * server.truth
      expect(Math.abs(found.capacity! - server.truth)).toBeLessThanOrEqual(near)
      if (server.closed === true) expect(Number.isInteger(found.capacity)).toBe(true)
    },
    300_000,
  )
})
