import { expect, test } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import { steadyFrom } from '../../lib/statistics/index.ts'

/** Log-normal latencies in ms, one each 10 ms, of which the first take longer. */
function run(seed: number, n: number, slow: number, by: number) {
  const uniform = randomSource(seed, 'steady')
  const timesMs = Array.from({ length: n }, (_, i) => 10 * i)
  const values = timesMs.map((_, i) => {
    const noise = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    return 100 * Math.exp(0.4 * noise) * (i < slow ? by : 1)
  })
  return { timesMs, values }
}

const found = (slow: number, by: number, n = 1000) =>
  Array.from({ length: 60 }, (_, i) => {
    const { timesMs, values } = run(i + 1, n, slow, by)
    return steadyFrom(timesMs, values)
  })

test('a slow start is found and left out', () => {
  const cuts = found(60, 5).map((steady) => steady?.cut ?? Infinity)
  expect(cuts.filter((cut) => cut >= 60 && cut <= 200).length).toBeGreaterThanOrEqual(57)
})

test('the time is that of the first value that stays', () => {
  for (const steady of found(60, 5)) expect(steady?.fromMs).toBe(10 * (steady?.cut ?? NaN))
})

test('of a warm start nothing is cut', () => {
  expect(found(0, 1).filter((steady) => steady?.cut === 0).length).toBeGreaterThanOrEqual(58)
})

test('one very slow answer is no start-up', () => {
  const { timesMs, values } = run(1, 1000, 0, 1)
  values[0] = 1e6
  expect(steadyFrom(timesMs, values)).toEqual({ fromMs: 0, cut: 0 })
})

test('a series that only gets faster, or is too short, has no steady block', () => {
  const { timesMs, values } = run(1, 1000, 0, 1)
  const faster = values.map((value, i) => value * Math.exp(-i / 200))
  expect(steadyFrom(timesMs, faster)).toBeUndefined()
  expect(steadyFrom(timesMs.slice(0, 100), values.slice(0, 100))).toBeUndefined()
})
