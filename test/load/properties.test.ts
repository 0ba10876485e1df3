import fc from 'fast-check'
import type { RampingArrivalRateScenario, RampingVUsScenario } from 'k6/options'
import { describe, expect, it } from 'vitest'
import type { LoadConfig } from '../../lib/config/index.ts'
import { areaOf, phaseAt, ramp, spike, steady, targetAt } from '../../lib/load/index.ts'
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
    drainMs: fc.integer({ min: 0, max: 300_000 }),
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

const openPlan = anyPlan.filter(({ plan }) => plan.loop === 'open')

const seconds = (text: string) => {
  if (text.endsWith('ms')) return Number(text.slice(0, -2)) / 1000
  return Number(text.slice(0, -1))
}

/** When k6 starts its iterations, ms: as its `cal` reckons (ramping_arrival_rate.go). */
function startsOf({ startRate, stages, timeUnit }: RampingArrivalRateScenario): number[] {
  const unit = seconds(timeUnit!) * 1000
  const starts: number[] = []
  let [from, done, stageStart, i] = [startRate! / unit, 0, 0, 1]
  for (const stage of stages) {
    const to = stage.target / unit
    const length = seconds(stage.duration) * 1000
    const end = done + (length * (from + to)) / 2
    for (; i <= end; i++) {
      const root = Math.sqrt(
        Math.max(0, length * (from * from * length + 2 * (i - done) * (to - from))),
      )
      const x = from === to ? (i - done) / to : (from * length - root) / (from - to)
      starts.push(stageStart + x)
    }
    ;[done, from, stageStart] = [end, to, stageStart + length]
  }
  return starts
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

  it('of an open loop makes k6 start as many requests in each phase as it asks for', () => {
    fc.assert(
      fc.property(openPlan, ({ plan }) => {
        fc.pre(plan.phases.reduce((sum, phase) => sum + areaOf(phase), 0) < 10_000)
        const scenario = plan.scenarios['load'] as RampingArrivalRateScenario
        // k6's clock begins 1 ms before the first phase.
        const starts = startsOf(scenario).map((at) => at - 1)
        let area = 0
        let before = 0
        for (const phase of plan.phases) {
          area += areaOf(phase)
          let until = before
          while (starts[until]! < phase.endMs) until++
          // Rates have up to six digits here; rounding them moves a start at the very half.
          expect(Math.abs(until - area)).toBeLessThanOrEqual(0.5 + 1e-3)
          before = until
        }
        expect(starts.length).toBe(before)
        expect(scenario.stages.every(({ target }) => Number.isSafeInteger(target))).toBe(true)
      }),
    )
  })

  it('of an open loop starts no request near the end of a phase that holds whole requests', () => {
    const plan = spike(load({ rate: 12.5, peakRate: 40 }))
    const starts = startsOf(plan.scenarios['load'] as RampingArrivalRateScenario)
    for (const { endMs } of plan.phases) {
      const nearest = Math.min(...starts.map((at) => Math.abs(at - 1 - endMs)))
      expect(nearest).toBeGreaterThanOrEqual(500 / 40 - 1e-6)
    }
  })

  it('of an open loop lets its last request take the drain', () => {
    fc.assert(
      fc.property(openPlan, ({ plan }) => {
        const { stages, gracefulStop } = plan.scenarios['load'] as RampingArrivalRateScenario
        const held = [...stages.map(({ duration }) => duration), gracefulStop!]
        const ms = held.reduce((sum, part) => sum + seconds(part) * 1000, 0)
        expect(ms).toBeCloseTo(plan.endMs + Math.max(251, plan.drainMs), 3)
      }),
    )
  })

  it("of an open loop has VUs by Little's law, and never more than requests", () => {
    fc.assert(
      fc.property(openPlan, ({ plan, of }) => {
        const { preAllocatedVUs, maxVUs } = plan.scenarios['load'] as RampingArrivalRateScenario & {
          maxVUs: number
        }
        const requests = plan.phases.reduce((sum, phase) => sum + areaOf(phase), 0)
        const longest = Math.max(
          ...plan.phases.map(({ from, to, startMs, endMs }) => {
            return (Math.min(from, to) * Math.min(of.expectedE2eMs, endMs - startMs)) / 1000
          }),
        )
        expect(preAllocatedVUs).toBeGreaterThanOrEqual(longest)
        expect(preAllocatedVUs).toBeLessThanOrEqual(Math.ceil(requests + 1e-6) + 1)
        expect(preAllocatedVUs).toBeLessThanOrEqual(
          Math.ceil((2 * plan.peak * of.expectedE2eMs) / 1000 + 1e-6) + 1,
        )
        expect(maxVUs).toBeGreaterThanOrEqual(preAllocatedVUs)
        expect(plan.maxVUs).toBe(maxVUs)
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
