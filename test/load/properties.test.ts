import fc from 'fast-check'
import type {
  ConstantArrivalRateScenario,
  RampingArrivalRateScenario,
  RampingVUsScenario,
} from 'k6/options'
import { describe, expect, it } from 'vitest'
import type { LoadConfig } from '../../lib/config/index.ts'
import {
  areaOf,
  phaseAt,
  ramp,
  spike,
  steady,
  targetAt,
  type LoadPlan,
} from '../../lib/load/index.ts'
import { load } from './load.ts'

const ms = (max: number) => fc.integer({ min: 1000, max })
const rate = fc.integer({ min: 1, max: 500_000 }).map((thousandths) => thousandths / 1000)
const anyLoad: fc.Arbitrary<LoadConfig> = fc
  .record({
    loop: fc.constantFrom('open' as const, 'closed' as const),
    rate,
    times: fc.double({ min: 1, max: 20, noNaN: true }),
    concurrency: fc.integer({ min: 1, max: 300 }),
    durationMs: ms(600_000),
    warmupMs: fc.oneof(fc.constant(0), ms(60_000)),
    spikeMs: ms(120_000),
    recoveryMs: fc.oneof(fc.constant(0), ms(120_000)),
    rampMs: ms(600_000),
    expectedE2eMs: fc.integer({ min: 1, max: 120_000 }),
    // Below 50 ms the tail of a ramp shows.
    drainMs: fc.integer({ min: 50, max: 300_000 }),
  })
  .map(({ times, ...some }) =>
    load({
      ...some,
      peakRate: Math.round(some.rate * times * 1000) / 1000,
      peakConcurrency: Math.round(some.concurrency * times),
    }),
  )
const anyPlan = fc
  .tuple(fc.constantFrom(steady, ramp, spike), anyLoad)
  .map(([shape, of]) => ({ plan: shape(of), of }))

const seconds = (text: string) => {
  if (text.endsWith('ms')) return Number(text.slice(0, -2)) / 1000
  return Number(text.slice(0, -1))
}

type Arrivals = ConstantArrivalRateScenario | RampingArrivalRateScenario

/** Rate in requests/s at both ends, read back from what k6 is told. */
function ends(scenario: Arrivals): [number, number] {
  const unit = seconds(scenario.timeUnit!)
  if (scenario.executor === 'constant-arrival-rate') {
    return [scenario.rate / unit, scenario.rate / unit]
  }
  return [scenario.startRate! / unit, scenario.stages[0]!.target / unit]
}

/** How long k6 keeps a scenario's VUs, ms. */
function held(scenario: Arrivals): number {
  const ramp = scenario.executor === 'ramping-arrival-rate'
  const parts = ramp ? scenario.stages.map(({ duration }) => duration) : [scenario.duration]
  return [...parts, scenario.gracefulStop!].reduce((sum, part) => sum + seconds(part) * 1000, 0)
}

describe('every plan', () => {
  it('has contiguous phases from 0 to its end', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        let at = 0
        for (const phase of plan.phases) {
          expect(phase.startMs).toBe(at)
          expect(phase.endMs).toBeGreaterThan(at)
          at = phase.endMs
        }
        expect(plan.endMs).toBe(at)
      }),
    )
  })

  it('of an open loop tells k6 the very rates, times and tags of its phases', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        if (plan.loop === 'closed') return
        expect(Object.keys(plan.scenarios)).toEqual(plan.phases.map(({ name }) => name))
        for (const phase of plan.phases) {
          const scenario = plan.scenarios[phase.name] as Arrivals
          const [from, to] = ends(scenario)
          expect(from).toBeCloseTo(phase.from, 6)
          expect(to).toBeCloseTo(phase.to, 6)
          const constant = scenario.executor === 'constant-arrival-rate'
          const length = (constant ? scenario.duration : scenario.stages[0]!.duration) as string
          const apart = phase.endMs - phase.startMs - seconds(length) * 1000
          expect(seconds(scenario.startTime!) * 1000).toBeCloseTo(phase.startMs, 6)
          expect(apart).toBeGreaterThanOrEqual(-1e-6)
          // Never by more than half of the time between two requests.
          expect(apart).toBeLessThanOrEqual(Math.min(20, 500 / phase.to) + 1e-6)
          expect(held(scenario)).toBeCloseTo(phase.endMs - phase.startMs + plan.drainMs, 3)
          expect(Math.abs(((from + to) / 2) * seconds(length) - areaOf(phase))).toBeLessThan(0.501)
          expect(scenario.tags).toEqual({ phase: phase.name, measured: String(phase.measured) })
          const whole = scenario.executor === 'constant-arrival-rate' ? scenario.rate : 1
          expect(Number.isSafeInteger(whole) && whole > 0).toBe(true)
        }
      }),
    )
  })

  it("of an open loop has VUs by Little's law, and as many in all as are held at one time", () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, of }) => {
        if (plan.loop === 'closed') return
        for (const phase of plan.phases) {
          const { preAllocatedVUs, maxVUs } = plan.scenarios[phase.name] as Arrivals
          const inFlight = (Math.max(phase.from, phase.to) * of.expectedE2eMs) / 1000
          expect(preAllocatedVUs).toBeGreaterThanOrEqual(inFlight)
          expect(maxVUs!).toBeGreaterThanOrEqual(preAllocatedVUs)
        }
        expect(plan.maxVUs).toBe(heldAtMost(plan))
      }),
    )
  })

  it('of a closed loop has stages that follow its target', () => {
    fc.assert(
      fc.property(anyPlan, fc.double({ min: 0, max: 1, noNaN: true }), ({ plan }, share) => {
        if (plan.loop === 'open') return
        const scenario = plan.scenarios['load']!
        const at = share * plan.endMs * 0.999
        if (scenario.executor === 'constant-vus') {
          expect(scenario.vus).toBe(targetAt(plan, at))
          expect(seconds(scenario.duration) * 1000).toBeCloseTo(plan.endMs, 6)
          return
        }
        expect(vusAt(scenario as RampingVUsScenario, at)).toBeCloseTo(targetAt(plan, at), 6)
      }),
    )
  })

  it('has a phase for each moment', () => {
    fc.assert(
      fc.property(anyPlan, fc.double({ min: 0, max: 0.999, noNaN: true }), ({ plan }, share) => {
        const moment = share * plan.endMs
        const phase = phaseAt(plan, moment)
        expect(phase.startMs).toBeLessThanOrEqual(moment)
        expect(phase.endMs).toBeGreaterThan(moment)
      }),
    )
  })
})

/** Brute force over all ends and starts. */
function heldAtMost(plan: LoadPlan): number {
  const holds = plan.phases.map(({ name, startMs, endMs }) => {
    const { maxVUs } = plan.scenarios[name] as Arrivals
    return { startMs, endMs: endMs + plan.drainMs, vus: maxVUs! }
  })
  const moments = holds.flatMap(({ startMs, endMs }) => [startMs, endMs - 0.5])
  const held = (at: number) =>
    holds.reduce((sum, hold) => sum + (hold.startMs <= at && at < hold.endMs ? hold.vus : 0), 0)
  return Math.max(...moments.map(held))
}

/** VUs that k6 wants at a moment, on the line between its stages. */
function vusAt({ startVUs, stages }: RampingVUsScenario, at: number): number {
  let from = startVUs!
  let begin = 0
  for (const { duration, target } of stages) {
    const length = seconds(duration) * 1000
    if (at < begin + length) return from + ((target - from) * (at - begin)) / length
    begin += length
    from = target
  }
  return 0
}

describe('questions to a plan', () => {
  const plan = spike(load())

  it('a boundary belongs to the later phase', () => {
    const names = [-1, 0, 9999, 10_000, 69_999, 70_000, 90_000, 119_999, 120_000, 1e9].map(
      (at) => phaseAt(plan, at).name,
    )
    expect(names).toEqual([
      'warmup',
      'warmup',
      'warmup',
      'baseline',
      'baseline',
      'spike',
      'recovery',
      'recovery',
      'recovery',
      'recovery',
    ])
  })

  it('the target is 0 outside of the load and linear inside a ramp', () => {
    expect([-1, 120_000].map((at) => targetAt(plan, at))).toEqual([0, 0])
    const rising = ramp(load())
    expect([10_000, 70_000, 100_000, 130_000].map((at) => targetAt(rising, at))).toEqual([
      10, 25, 32.5, 40,
    ])
  })
})
