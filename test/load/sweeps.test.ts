import { describe, expect, it } from 'vitest'
import {
  areaOf,
  arrivalTimes,
  forecast,
  packedArrivals,
  pickEndpoint,
  scheduledPlan,
  scheduleReader,
  SHAPES,
} from '../../lib/load/index.ts'
import { load } from './load.ts'

const rows = (plan: ReturnType<(typeof SHAPES)['steady']>) =>
  plan.phases.map(({ name, startMs, endMs, measured, from, to }) => {
    return [name, startMs, endMs, measured, from, to]
  })

describe('sweeps', () => {
  it('concurrency: settle before each step, in one k6 scenario', () => {
    const plan = SHAPES['concurrency-sweep'](load({ steps: [1, 4], warmupMs: 0 }))
    expect(rows(plan)).toEqual([
      ['settle', 0, 5000, false, 1, 1],
      ['c1', 5000, 25_000, true, 1, 1],
      ['settle', 25_000, 27_000, false, 1, 4],
      ['settle', 27_000, 30_000, false, 4, 4],
      ['c4', 30_000, 50_000, true, 4, 4],
    ])
    expect(plan.loop).toBe('closed')
    expect(Object.keys(plan.scenarios)).toEqual(['load'])
    const none = undefined
    expect(plan.phases.map(({ step }) => step)).toEqual([none, '1', none, none, '4'])
    expect(plan.maxVUs).toBe(4)
  })

  it('concurrency: 1, 2, 4 … 64 by default', () => {
    const plan = SHAPES['concurrency-sweep'](load())
    const steps = plan.phases.flatMap(({ step }) => step ?? [])
    expect(steps).toEqual(['1', '2', '4', '8', '16', '32', '64'])
  })

  it('rate: stages of one k6 scenario that jump', () => {
    const plan = SHAPES['rate-sweep'](load({ steps: [0.5, 2], warmupMs: 0 }))
    expect(plan.scenarios['load']).toMatchObject({
      executor: 'ramping-arrival-rate',
      timeUnit: '2s',
      stages: [
        { duration: '1ms', target: 1000 },
        { duration: '0ms', target: 1 },
        { duration: '5000ms', target: 1 },
        { duration: '20000ms', target: 1 },
        { duration: '0ms', target: 4 },
        { duration: '5000ms', target: 4 },
        { duration: '20000ms', target: 4 },
        { duration: '0ms', target: 0 },
        { duration: '250ms', target: 0 },
      ],
    })
  })
})

describe('daily', () => {
  const plan = SHAPES.daily(load({ rate: 1, peakRate: 20, cycles: 2, warmupMs: 0 }))

  it('goes from off-peak to peak and back, twice', () => {
    const first = plan.phases[0]!
    expect([first.from, plan.phases[plan.phases.length - 1]!.to]).toEqual([1, 1])
    expect(plan.peak).toBeCloseTo(20, 9)
    expect(plan.endMs).toBeCloseTo(240_000, 6)
    const names = [...new Set(plan.phases.map(({ name }) => name))]
    expect(names).toEqual(['off-peak', 'rise', 'peak', 'fall'])
  })

  it('asks for the mean of the cosine: half-way between the ends', () => {
    const area = plan.phases.reduce((sum, phase) => sum + areaOf(phase), 0)
    expect(area).toBeCloseTo(((1 + 20) / 2) * 240, 6)
  })

  it('holds the VUs of the peak once', () => {
    expect(Object.keys(plan.scenarios)).toEqual(['load'])
    // 2 s per answer: at most four times the 40 in flight.
    expect(plan.maxVUs).toBeLessThanOrEqual(162)
    expect(plan.maxVUs).toBeGreaterThan(150)
  })
})

describe('cold start', () => {
  it('idle, cold for as many requests as asked, warm; no warm-up', () => {
    const plan = SHAPES['cold-start'](load({ rate: 2, coldRequests: 4, cycles: 1 }))
    expect(rows(plan)).toEqual([
      ['idle', 0, 30_000, false, 0, 0],
      ['cold', 30_000, 32_000, true, 2, 2],
      ['warm', 32_000, 92_000, true, 2, 2],
    ])
    expect(plan.scenarios['load']).toMatchObject({
      stages: [
        { duration: '1ms' },
        { duration: '0ms', target: 0 },
        { duration: '30000ms', target: 0 },
        { duration: '0ms', target: 2 },
        { duration: '2000ms', target: 2 },
        { duration: '60000ms', target: 2 },
        { duration: '0ms', target: 0 },
        { duration: '250ms', target: 0 },
      ],
    })
  })

  it('closed loop: nothing in flight while idle', () => {
    const plan = SHAPES['cold-start'](load({ loop: 'closed', cycles: 1 }))
    expect(plan.scenarios['load']).toMatchObject({ executor: 'ramping-vus', startVUs: 0 })
  })
})

describe('drawn arrivals', () => {
  const drawn = load({ arrivals: { kind: 'poisson' }, rate: 20, peakRate: 60 })
  const constant = SHAPES.spike(drawn)
  const schedule = scheduleReader(packedArrivals(constant, drawn))
  const plan = scheduledPlan(constant, schedule.facts, drawn)

  it('keep the phases and the number of requests of the shape', () => {
    expect(plan.phases).toMatchObject(constant.phases)
    const asked = constant.phases.reduce((sum, phase) => sum + areaOf(phase), 0)
    expect(plan.scenarios['spike']).toMatchObject({
      executor: 'shared-iterations',
      iterations: asked,
    })
  })

  it('have other times with a seed of their own, and as many', () => {
    const other = { ...drawn, arrivalsSeed: 2 }
    const { facts, dueMs } = scheduleReader(packedArrivals(constant, other))
    expect(facts.requests).toBe(schedule.facts.requests)
    expect(dueMs(5)).not.toBe(schedule.dueMs(5))
    // The seed of what is sent moves no time.
    const same = scheduleReader(packedArrivals(constant, { ...drawn, seed: 2 }))
    expect(same.dueMs(5)).toBe(schedule.dueMs(5))
  })

  it('say how many requests are due in each phase, all of them together', () => {
    const times = arrivalTimes(constant.phases, drawn.arrivals, drawn.seed)
    const due = plan.phases.map((phase) => phase.due)
    expect(due).toEqual(
      constant.phases.map(
        ({ startMs, endMs }) => times.filter((at) => at >= startMs && at < endMs).length,
      ),
    )
    expect(due.reduce<number>((sum, count) => sum + count!, 0)).toBe(times.length)
  })

  it('are those of the schedule, to the microsecond', () => {
    const times = arrivalTimes(constant.phases, drawn.arrivals, drawn.seed)
    for (const n of [0, 1, 1000, times.length - 1]) {
      expect(schedule.dueMs(n)).toBeCloseTo(times[n]!, 3)
    }
  })

  it('are late and not dropped when MAX_VUS is too small, which is said', () => {
    const few = { ...drawn, maxVUs: 3 }
    const plan = scheduledPlan(SHAPES.spike(few), schedule.facts, few)
    const told = forecast(plan, few, schedule.facts).join(' ')
    expect(told).toMatch(/MAX_VUS is 3.*start late/)
    expect(told).not.toMatch(/dropped/)
  })
})

describe('endpoints', () => {
  const to = (name: string, weight: number) => ({
    endpoint: { baseUrl: name, host: name, port: 80, tls: false, basePath: '' },
    weight,
    name,
  })

  it.each([1, 2, 77])('share requests by weight in every stretch (seed %i)', (seed) => {
    const endpoints = [to('a', 3), to('b', 1)]
    for (const start of [0, 1000, 1 << 24]) {
      const names = Array.from({ length: 40 }, (_, i) => pickEndpoint(endpoints, seed, start + i))
      const share = names.filter(({ name }) => name === 'a').length / 40
      expect(Math.abs(share - 0.75)).toBeLessThan(0.06)
    }
  })

  it('one endpoint gets all', () => {
    expect(pickEndpoint([to('a', 2)], 5, 9).name).toBe('a')
    expect(() => pickEndpoint([], 1, 1)).toThrow(/no endpoint/)
  })
})
