import { describe, expect, it } from 'vitest'
import type { LoadConfig } from '../../lib/config/index.ts'
import { forecast, ramp, spike, steady } from '../../lib/load/index.ts'
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
      ['warmup', 0, 10_000, false, 4, 4],
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

describe('open loop: one k6 scenario a phase', () => {
  it('constant rates', () => {
    const plan = steady(open)
    expect(plan).toMatchObject({ loop: 'open', unit: 'requests/s', peak: 2, endMs: 70_000 })
    expect(plan.scenarios).toEqual({
      warmup: {
        executor: 'constant-arrival-rate',
        rate: 2,
        timeUnit: '1s',
        startTime: '0ms',
        duration: '9980ms',
        gracefulStop: '30020ms',
        preAllocatedVUs: 21,
        maxVUs: 42,
        tags: { phase: 'warmup', measured: 'false' },
      },
      steady: {
        executor: 'constant-arrival-rate',
        rate: 2,
        timeUnit: '1s',
        startTime: '10000ms',
        duration: '59980ms',
        gracefulStop: '30020ms',
        preAllocatedVUs: 21,
        maxVUs: 42,
        tags: { phase: 'steady', measured: 'true' },
      },
    })
  })

  it('a rising rate', () => {
    expect(ramp(open).scenarios['ramp']).toMatchObject({
      executor: 'ramping-arrival-rate',
      startRate: 2,
      stages: [
        { duration: '120000ms', target: 10 },
        { duration: '0ms', target: 0 },
        { duration: '50ms', target: 0 },
      ],
      gracefulStop: '29950ms',
      timeUnit: '1s',
      preAllocatedVUs: 101,
    })
  })

  it.each([
    [0.5, 1, '2s'],
    [12.5, 25, '2s'],
    [3.3, 33, '10s'],
    [0.1, 1, '10s'],
    [12.3, 123, '10s'],
    [0.001, 1, '1000s'],
    [100_000, 100_000, '1s'],
    [0.3 * 3, 9, '10s'],
    [1 / 3, 333_333_333, '1000000000s'],
  ])('%d requests/s is %d a %s', (rate, whole, timeUnit) => {
    expect(steady(load({ rate })).scenarios['steady']).toMatchObject({ rate: whole, timeUnit })
  })

  it.each([
    [20, 60_000, '59980ms'],
    [100, 60_000, '59995ms'],
    [5000, 60_000, '59999.9ms'],
    [20, 1000, '1000ms'],
  ])('%d requests/s for %d ms end before the one that belongs to the next', (rate, ms, text) => {
    const { scenarios } = steady(load({ rate, durationMs: ms }))
    expect(scenarios['steady']).toMatchObject({ duration: text })
  })

  it('both ends of a ramp share a unit', () => {
    expect(ramp(load({ rate: 0.5, peakRate: 1.25 })).scenarios['ramp']).toMatchObject({
      startRate: 2,
      stages: [{ target: 5 }, { target: 0 }, { target: 0 }],
      timeUnit: '4s',
    })
  })

  it('MAX_VUS bounds the VUs of each phase', () => {
    const plan = spike({ ...open, maxVUs: 60 })
    expect(plan.scenarios['spike']).toMatchObject({ preAllocatedVUs: 60, maxVUs: 60 })
    expect(plan.scenarios['baseline']).toMatchObject({ preAllocatedVUs: 21, maxVUs: 60 })
  })

  it('counts the VUs that still drain: all phases within reach of the last', () => {
    // warmup ends at 10 s and drains until 40 s, baseline until 100 s: at 90 s three are held.
    expect(spike(open).maxVUs).toBe(42 + 202 + 42)
    // With no drain none overlap.
    expect(spike({ ...open, drainMs: 0 }).maxVUs).toBe(202)
  })
})

describe('closed loop: one k6 scenario over all phases', () => {
  it('constant', () => {
    const plan = steady(closed)
    expect(plan).toMatchObject({ loop: 'closed', unit: 'requests in flight', peak: 4, maxVUs: 4 })
    expect(plan.scenarios).toEqual({
      load: { executor: 'constant-vus', vus: 4, duration: '70000ms', gracefulStop: '30000ms' },
    })
  })

  it('jumps at once and never cuts an answer off', () => {
    expect(spike(closed).scenarios).toEqual({
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
    expect(ramp(closed).scenarios['load']).toMatchObject({
      stages: [
        { duration: '10000ms', target: 4 },
        { duration: '120000ms', target: 16 },
        { duration: '60000ms', target: 16 },
      ],
    })
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
    // The peak's own, and those of the phases that still drain.
    expect(made).toBeGreaterThanOrEqual(2 * 160 * 5 + 2 * 40 * 5)
    expect(ofMemory(gib)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^k6 makes ${made} VUs .* ${150 + 2 * made} MiB, .* 1024 MiB here, .* about 437:`,
        ),
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
