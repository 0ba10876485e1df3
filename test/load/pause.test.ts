import { expect, test } from 'vitest'
import { createPause } from '../../lib/load/index.ts'

const atOnce = { failed: true, tookMs: 1 }

test('grows with each failure in a row, to a second', () => {
  const pause = createPause()
  const pauses = Array.from({ length: 10 }, () => pause(atOnce))
  expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000])
})

test('stays at a second however long the server is down', () => {
  const pause = createPause()
  for (let i = 0; i < 5000; i++) pause(atOnce)
  expect(pause(atOnce)).toBe(1000)
})

test.each([
  ['a request that did not fail', { failed: false, tookMs: 1 }],
  ['a failure that took its time', { failed: true, tookMs: 100 }],
])('is none after %s, and begins anew', (_, other) => {
  const pause = createPause()
  pause(atOnce)
  pause(atOnce)
  expect(pause(other)).toBe(0)
  expect(pause(atOnce)).toBe(10)
})

test('each VU has its own', () => {
  const [one, other] = [createPause(), createPause()]
  one(atOnce)
  expect(one(atOnce)).toBe(20)
  expect(other(atOnce)).toBe(10)
})
