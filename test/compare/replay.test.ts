import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../../lib/compare/traffic/replay.ts'
import type { ServiceModel } from '../../lib/compare/traffic/replay.ts'
import { fitService } from '../../lib/compare/traffic/service.ts'
import { traffic } from './made-up.ts'

const model = (given: Partial<ServiceModel> = {}): ServiceModel => ({
  baseMs: 10,
  perRequestMs: 1,
  perInputTokenMs: 0,
  mostInFlight: 1000,
  ...given,
})
const due = (dueMs: number, outputTokens: number, inputTokens = 0) => ({
  dueMs,
  outputTokens,
  inputTokens,
})

describe('a schedule played through a model of the server', () => {
  it('gives one request alone its tokens at the pace of a batch of one', () => {
    const { ttftMs, tpotMs, lastMs } = replay([due(500, 11)], model())
    expect(tpotMs[0]).toBeCloseTo(11, 9)
    // One step and a half of 11 ms, then ten more.
    expect(ttftMs[0]).toBeCloseTo(16.5, 9)
    expect(lastMs[0]).toBeCloseTo(500 + 16.5 + 110, 9)
  })

  it('slows those down that are served together, for as long as they are', () => {
    // 55 ms alone make 5 tokens; then both at 12 ms, until the first has its 10.
    const { tpotMs, inFlight } = replay([due(0, 11), due(55, 11)], model())
    expect(tpotMs[0]).toBeCloseTo((55 + 5 * 12) / 10, 9)
    expect(tpotMs[1]).toBeCloseTo((5 * 12 + 5 * 11) / 10, 9)
    expect([...inFlight]).toEqual([expect.closeTo(1.5, 9), expect.closeTo(1.5, 9)])
  })

  it('holds everybody up while a prompt is read', () => {
    const played = replay([due(0, 11), due(55, 2, 100)], model({ perInputTokenMs: 0.5 }))
    expect(played.tpotMs[0]).toBeCloseTo((55 + 50 + 12 + 4 * 11) / 10, 9)
    expect(played.inputTokens[0]).toBeCloseTo(10, 9)
    expect(played.ttftMs[1]).toBeCloseTo(50 + 18, 9)
  })

  it('lets those wait that have no place, first come first served', () => {
    const played = replay([due(0, 11), due(10, 11), due(20, 11)], model({ mostInFlight: 1 }))
    expect([...played.tpotMs]).toEqual([11, 11, 11].map((ms) => expect.closeTo(ms, 9)))
    expect(played.ttftMs[1]).toBeCloseTo(110 - 10 + 16.5, 9)
    expect(played.ttftMs[2]).toBeCloseTo(220 - 20 + 16.5, 9)
  })

  it('tells of each request what its TPOT is made of', () => {
    const schedules = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 300 }),
        out: fc.integer({ min: 2, max: 60 }),
        prompt: fc.integer({ min: 0, max: 500 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    const models = fc.record({
      baseMs: fc.integer({ min: 1, max: 20 }),
      perRequestMs: fc.integer({ min: 0, max: 3 }),
      perInputTokenMs: fc.constantFrom(0, 0.05, 0.5),
      mostInFlight: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(schedules, models, (given, m) => {
        let atMs = 0
        const schedule = given.map(({ gap, out, prompt }) => due((atMs += gap), out, prompt))
        const played = replay(schedule, m)
        schedule.forEach((request, i) => {
          const made =
            m.baseMs +
            m.perRequestMs * played.inFlight[i]! +
            m.perInputTokenMs * played.inputTokens[i]!
          expect(played.tpotMs[i]).toBeCloseTo(made, 6)
          expect(played.inFlight[i]).toBeLessThanOrEqual(m.mostInFlight + 1e-9)
          expect(played.inFlight[i]).toBeGreaterThanOrEqual(1 - 1e-9)
          expect(played.ttftMs[i]).toBeGreaterThan(0)
          const served = request.dueMs + played.ttftMs[i]! + (request.outputTokens - 1) * made
          expect(played.lastMs[i]).toBeCloseTo(served, 4)
        })
      }),
    )
  })

  it('is nothing for no requests', () => {
    expect(replay([], model()).tpotMs).toHaveLength(0)
  })
})

describe('the model of the server', () => {
  const truth = { baseMs: 8, perRequestMs: 0.15, perInputTokenMs: 0.04, mostInFlight: 1000 }
  const side = (seed: number, slower = 1, served = truth) => {
    const schedule = traffic(seed, 600)
    return {
      schedule,
      tpotMs: [...replay(schedule, served).tpotMs].map((ms) => ms * slower),
      mostInFlight: 1000,
    }
  }

  it('is the one that both sides were served by', () => {
    const found = fitService([side(1), side(2)])!
    expect(found.baseMs).toBeCloseTo(8, 1)
    expect(found.perRequestMs).toBeCloseTo(0.15, 2)
    expect(found.perInputTokenMs).toBeCloseTo(0.04, 2)
  })

  it('lies between the sides where one is slower, and takes that for no load', () => {
    const found = fitService([side(1), side(2, 1.1)])!
    expect(found.baseMs).toBeGreaterThan(8)
    expect(found.baseMs).toBeLessThan(8.8)
    expect(found.perRequestMs).toBeGreaterThan(0.14)
    expect(found.perRequestMs).toBeLessThan(0.175)
  })

  it('has no slope where the load changes nothing', () => {
    const found = fitService([
      side(1, 1, { ...truth, perRequestMs: 0, perInputTokenMs: 0 }),
      side(2, 1, { ...truth, perRequestMs: 0, perInputTokenMs: 0 }),
    ])!
    expect(found).toMatchObject({
      baseMs: expect.closeTo(8, 6),
      perRequestMs: expect.closeTo(0, 6),
      perInputTokenMs: expect.closeTo(0, 6),
    })
  })

  it('is none of a handful of requests', () => {
    const few = { schedule: traffic(1, 10), tpotMs: Array(10).fill(9), mostInFlight: 5 }
    expect(fitService([few, side(2)])).toBeUndefined()
  })
})
