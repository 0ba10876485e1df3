import { describe, expect, it } from 'vitest'
import type { LoadConfig } from '../../lib/config/index.ts'
import { forecast, K6_MEMORY, ramp, spike, startText, steady } from '../../lib/load/index.ts'
import { vusMadeBefore } from '../../lib/load/sizing.ts'
import { load } from './load.ts'

const open = load({ rate: 2, peakRate: 10, expectedE2eMs: 5000, drainMs: 30_000 })
const closed = load({ ...open, loop: 'closed', concurrency: 4, peakConcurrency: 16 })

describe('phases', () => {
  const rows = (shape: typeof steady, of: LoadConfig) =>
    shape(of).phases.map(({ name, startMs, endMs, measured, from, to }) => {
      return [name, startMs, endMs, measured, from, to]
    })

  it('steady', () => {
    expect(rows(steady, open)).toEqual([
      ['warmup', 0, 10_000, false, 2, 2],
      ['steady', 10_000, 70_000, true, 2, 2],
    ])
  })

  it('ramp', () => {
    expect(rows(ramp, closed)).toEqual([
      ['warmup', 0, 5000, false, 1, 4],
      ['warmup', 5000, 10_000, false, 4, 4],
      ['ramp', 10_000, 130_000, true, 4, 16],
      ['hold', 130_000, 190_000, true, 16, 16],
    ])
  })

  it('spike', () => {
    expect(rows(spike, open)).toEqual([
      ['warmup', 0, 10_000, false, 2, 2],
      ['baseline', 10_000, 70_000, true, 2, 2],
      ['spike', 70_000, 90_000, true, 10, 10],
      ['recovery', 90_000, 120_000, true, 2, 2],
    ])
  })

  it('a phase of no length is left out', () => {
    const names = spike(load({ warmupMs: 0, recoveryMs: 0 })).phases.map(({ name }) => name)
    expect(names).toEqual(['baseline', 'spike'])
  })

  it('a plan of no length at all is an error', () => {
    expect(() => steady(load({ warmupMs: 0, durationMs: 0 }))).toThrow(/steady: no phase/)
  })
})

describe('open loop: one k6 scenario over all phases', () => {
  const LEAD = (unitSeconds: number) => ({ duration: '1ms', target: 500 * unitSeconds })
  const TAIL = [
    { duration: '0ms', target: 0 },
    { duration: '250ms', target: 0 },
  ]

  it('constant rates', () => {
    const plan = steady(open)
    expect(plan).toMatchObject({ loop: 'open', unit: 'requests/s', peak: 2, endMs: 70_000 })
    expect(plan.scenarios).toEqual({
      load: {
        executor: 'ramping-arrival-rate',
        startRate: 500,
        timeUnit: '1s',
        stages: [
          LEAD(1),
          { duration: '0ms', target: 2 },
          { duration: '10000ms', target: 2 },
          { duration: '60000ms', target: 2 },
          ...TAIL,
        ],
        gracefulStop: '29749ms',
        preAllocatedVUs: 21,
        maxVUs: 42,
      },
    })
  })

  it('a rising rate', () => {
    expect(ramp(open).scenarios['load']).toMatchObject({
      stages: [
        LEAD(1),
        { duration: '0ms', target: 2 },
        { duration: '10000ms', target: 2 },
        { duration: '120000ms', target: 10 },
        { duration: '60000ms', target: 10 },
        ...TAIL,
      ],
      preAllocatedVUs: 101,
    })
  })

  it('jumps at once', () => {
    expect(spike(open).scenarios['load']).toMatchObject({
      stages: [
        LEAD(1),
        { duration: '0ms', target: 2 },
        { duration: '10000ms', target: 2 },
        { duration: '60000ms', target: 2 },
        { duration: '0ms', target: 10 },
        { duration: '20000ms', target: 10 },
        { duration: '0ms', target: 2 },
        { duration: '30000ms', target: 2 },
        ...TAIL,
      ],
    })
  })

  it.each([
    [0.5, 1, 2],
    [12.5, 25, 2],
    [3.3, 33, 10],
    [0.1, 1, 10],
    [12.3, 123, 10],
    [0.001, 1, 1000],
    [100_000, 100_000, 1],
    [0.3 * 3, 9, 10],
    [1 / 3, 333_333_333, 1_000_000_000],
  ])('%d requests/s is %d per %d s', (rate, whole, unit) => {
    const stages = [LEAD(unit), { target: whole }, { target: whole }, { target: whole }, ...TAIL]
    expect(steady(load({ rate })).scenarios['load']).toMatchObject({
      stages,
      timeUnit: `${unit}s`,
    })
  })

  it('all rates share a unit', () => {
    expect(ramp(load({ rate: 0.5, peakRate: 1.25 })).scenarios['load']).toMatchObject({
      stages: [LEAD(4), { target: 2 }, { target: 2 }, { target: 5 }, { target: 5 }, ...TAIL],
      timeUnit: '4s',
    })
  })

  it('MAX_VUS bounds the VUs', () => {
    const plan = spike({ ...open, maxVUs: 60 })
    expect(plan.scenarios['load']).toMatchObject({ preAllocatedVUs: 60, maxVUs: 60 })
  })

  it('prepares VUs for the peak once, and for no more requests than a spike has', () => {
    expect(spike(open)).toMatchObject({
      maxVUs: 202,
      scenarios: { load: { preAllocatedVUs: 101 } },
    })
    // 2 s of 10/s, and 2/s for the rest of twice the 5 s that an answer takes.
    const short = spike({ ...open, spikeMs: 2000 }).scenarios['load']
    expect(short).toMatchObject({ preAllocatedVUs: 20 + 16 + 1 })
  })
})

describe('closed loop: one k6 scenario over all phases', () => {
  const atOnce = { ...closed, startSpreadMs: 0 }

  it('constant', () => {
    const plan = steady(atOnce)
    expect(plan).toMatchObject({ loop: 'closed', unit: 'requests in flight', peak: 4, maxVUs: 4 })
    expect(plan.scenarios).toEqual({
      load: { executor: 'constant-vus', vus: 4, duration: '70000ms', gracefulStop: '30000ms' },
    })
  })

  it('jumps at once and never cuts an answer off', () => {
    expect(spike(atOnce).scenarios).toEqual({
      load: {
        executor: 'ramping-vus',
        startVUs: 4,
        stages: [
          { duration: '10000ms', target: 4 },
          { duration: '60000ms', target: 4 },
          { duration: '0ms', target: 16 },
          { duration: '20000ms', target: 16 },
          { duration: '0ms', target: 4 },
          { duration: '30000ms', target: 4 },
        ],
        gracefulRampDown: '30000ms',
        gracefulStop: '30000ms',
      },
    })
  })

  it('rises without jumps', () => {
    expect(ramp(atOnce).scenarios['load']).toMatchObject({
      stages: [
        { duration: '10000ms', target: 4 },
        { duration: '120000ms', target: 16 },
        { duration: '60000ms', target: 16 },
      ],
    })
  })

  it('begins spread over the first answer, inside the warm-up', () => {
    const plan = steady(closed)
    expect(plan.scenarios['load']).toMatchObject({
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '5000ms', target: 4 },
        { duration: '5000ms', target: 4 },
        { duration: '60000ms', target: 4 },
      ],
    })
    expect(plan.maxVUs).toBe(4)
    expect(startText(plan)).toMatch(/reaches its 4 requests in flight after 5 s/)
    expect([steady(atOnce), steady(open)].map(startText)).toEqual([undefined, undefined])
  })

  it.each<[string, Partial<LoadConfig>, string | undefined]>([
    ['no longer than the warm-up', { warmupMs: 2000 }, '2000ms'],
    ['as long as is asked', { startSpreadMs: 700 }, '700ms'],
    ['not without a warm-up, where it would be measured', { warmupMs: 0 }, undefined],
    ['not for a single request', { concurrency: 1 }, undefined],
  ])('is spread %s', (_, change, duration) => {
    const scenario = steady({ ...closed, ...change }).scenarios['load']!
    const first = scenario.executor === 'ramping-vus' ? scenario.stages[0] : undefined
    expect(first?.duration).toBe(duration)
  })
})

describe('the forecast of memory', () => {
  const gib = 2 ** 30
  const spiky = load({ rate: 40, peakRate: 160, expectedE2eMs: 5000, drainMs: 60_000 })
  const told = (bytes: number | undefined) => forecast(spike(spiky), spiky, undefined, bytes)
  const ofMemory = (bytes: number | undefined) =>
    told(bytes).filter((line) => /MiB here/.test(line))

  it('says how many VUs are made, what they take, and how many would fit', () => {
    const made = vusMadeBefore(spike(spiky).scenarios)
    expect(made).toBe(2 * 160 * 5 + 1)
    const { mibBase, mibPerVu } = K6_MEMORY
    const needed = Math.round(mibBase + made * mibPerVu)
    const fits = Math.floor((1024 - mibBase) / mibPerVu)
    expect(ofMemory(gib)).toEqual([
      expect.stringMatching(
        new RegExp(`^k6 makes ${made} VUs .* ${needed} MiB, .* 1024 MiB here, .* about ${fits}:`),
      ),
    ])
  })

  it('says nothing where they fit, or nothing is known', () => {
    expect(ofMemory(64 * gib)).toEqual([])
    expect(ofMemory(undefined)).toEqual([])
  })

  it.each([
    [{ executor: 'constant-vus', vus: 7, duration: '5ms' }, 7],
    [{ executor: 'shared-iterations', vus: 8, maxDuration: '5ms' }, 8],
    [{ executor: 'ramping-vus', startVUs: 2, stages: [{ duration: '5ms', target: 9 }] }, 9],
  ])('counts the VUs of %j', (scenario, vus) => {
    expect(vusMadeBefore({ load: scenario as never })).toBe(vus)
  })
})

describe('the forecast before a run', () => {
  const told = (of: LoadConfig) => forecast(steady(of), of)
  const long = { ...open, durationMs: 5 * 60_000 }

  it('none for enough requests', () => {
    expect(told(long)).toEqual([])
    expect(told(load({ loop: 'closed', concurrency: 20, expectedE2eMs: 1000 }))).toEqual([])
  })

  it('a phase too short for its p99 says which length would do', () => {
    expect(told(load({ rate: 1 }))).toEqual([
      'phase "steady" will hold about 60 requests, and to say how certain its p99 is takes 555: 555 s instead of 60 s',
    ])
    const few = told(load({ loop: 'closed', concurrency: 2, expectedE2eMs: 4000 }))
    expect(few).toEqual([expect.stringContaining('about 30 requests')])
    expect(told(load({ rate: 555 / 60 }))).toEqual([])
  })

  it('too few VUs, too many, and a long run', () => {
    expect(told({ ...long, maxVUs: 9 })).toEqual([
      expect.stringMatching(/MAX_VUS 9 is below the 10 requests in flight/),
    ])
    expect(told({ ...long, maxVUs: 10 })).toEqual([])
    expect(told(load({ rate: 500 }))).toEqual([expect.stringContaining('MAX_VUS limits')])
    expect(told({ ...open, durationMs: 3 * 3_600_000 })).toEqual([
      expect.stringContaining('3 hours'),
    ])
  })
})
