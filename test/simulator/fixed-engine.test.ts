import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createFixedEngine, simulate } from '../../simulator/index.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

it('gives each token at its time, whoever else is there', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          atMs: fc.double({ min: 0, max: 1000, noNaN: true }),
          outputTokens: fc.integer({ min: 1, max: 30 }),
        }),
        { maxLength: 30 },
      ),
      (list) => {
        const arrivals = list.map((a, i) => ({ ...a, id: String(i), promptTokens: 1 }))
        const records = simulate(
          (sink) => createFixedEngine({ ttftMs: 100, tpotMs: 10 }, sink),
          arrivals,
        )
        for (const [i, record] of records.entries()) {
          const { atMs, outputTokens } = arrivals[i]!
          expect(record.finished).toBe(true)
          expect(record.tokenTimesMs).toEqual(
            Array.from({ length: outputTokens }, (_, k) => atMs + 100 + k * 10),
          )
        }
      },
    ),
  )
})

it('events of all requests come in the order of time, those of cancelled ones not at all', () => {
  const engine = createFixedEngine({ ttftMs: 100, tpotMs: 10 })
  for (let i = 0; i < 20; i++)
    engine.submit({ id: `r${i}`, promptTokens: 1, outputTokens: 5 }, i * 3)
  expect(engine.nextEventMs()).toBe(100)
  expect(engine.cancel('r0')).toBe(true)
  expect(engine.cancel('r0')).toBe(false)
  expect(engine.nextEventMs()).toBe(103)
  const events = engine.advanceTo(1000).filter((e) => e.type === 'token')
  expect(events).toHaveLength(19 * 5)
  expect(events.map((e) => e.atMs)).toEqual(events.map((e) => e.atMs).toSorted((a, b) => a - b))
  expect(engine.stats()).toMatchObject({ running: 0, nowMs: 1000 })
})
