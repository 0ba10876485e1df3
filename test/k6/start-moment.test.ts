import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Config } from '../../lib/config/index.ts'
import { runSalt, startMoment, untilStart } from '../../lib/k6/start-moment.ts'

const config = (values: Partial<Config['values']>) => ({ values }) as Config
const half = config({ START_AT: { everyMs: 30_000 } })
const at = (time: string) => Date.parse(`2026-03-01T02:${time}Z`)

test.each([
  ['00:00', '00:30'],
  ['00:14.999', '00:30'],
  ['00:15', '00:30'],
  ['00:15.001', '01:00'],
  ['00:29.9', '01:00'],
  ['00:30.1', '01:00'],
])('next:30s at %s is %s', (now, start) => {
  expect(startMoment(half, at(now))).toBe(at(start))
})

test('it is a full multiple, at least half a step ahead, and within what setup() may take', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 3_600_000 }), fc.nat(2 ** 41), (everyMs, nowMs) => {
      const given = config({ START_AT: { everyMs } })
      const start = startMoment(given, nowMs)!
      expect(start % everyMs).toBe(0)
      expect(start - nowMs).toBeGreaterThanOrEqual(everyMs / 2)
      expect(start - nowMs).toBeLessThanOrEqual(untilStart(given))
    }),
  )
})

test('a moment stays as it is, and names the run; next:30s does not, as processes may differ', () => {
  const moment = config({ START_AT: { atMs: 5 } })
  expect(startMoment(moment, 9)).toBe(5)
  expect(runSalt(moment, 9)).toBe('5')
  expect(runSalt(half, 9)).toBe('9')
  expect(runSalt(config({ START_AT: { everyMs: 1 }, RUN_ID: 'r' }), 9)).toBe('r')
  expect(startMoment(config({}), 9)).toBeUndefined()
})
