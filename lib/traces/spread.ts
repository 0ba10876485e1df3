import { randomSource } from '../random/index.ts'
import type { Trace } from './types.ts'

/**
 * Length of the ticks that a trace's times were rounded to, 0 for a trace that was not: quantised
 * is where at least half of the requests share their time with the one before; the tick is then
 * the median distance of different times (Mooncake: 3,000 ms, some 2,999), where the others are
 * multiples of it. Real bursts come at times of their own; those that come by the clock look like
 * ticks, and are kept with `spread: 'off'`.
 */
export function tickOf(atMs: ArrayLike<number>): number {
  let equal = 0
  for (let i = 1; i < atMs.length; i++) if (atMs[i] === atMs[i - 1]) equal++
  if (equal === atMs.length - 1 || equal < (atMs.length - 1) / 2 || atMs.length === 0) return 0
  const steps = new Float64Array(atMs.length - 1 - equal)
  for (let i = 1, n = 0; i < atMs.length; i++) {
    const step = (atMs[i] as number) - (atMs[i - 1] as number)
    if (step > 0) steps[n++] = step
  }
  // Without a comparator the sort of a typed array is the engine's own.
  const tick = steps.sort()[Math.floor(steps.length / 2)] as number
  let multiples = 0
  for (const step of steps) {
    const off = Math.abs(step - Math.round(step / tick) * tick)
    if (step >= tick / 2 && off <= Math.max(1.5, tick * 0.001)) multiples++
  }
  return multiples >= steps.length * 0.9 ? tick : 0
}

/**
 * Spreads requests with equal times over their tick, uniformly and in their order: within a tick
 * nothing is known, and arrivals that are independent given their number are uniform. Replayed as
 * they stand, they would be bursts that never were. A tick ends where the next time begins.
 */
export function spreadTicks(trace: Trace, tickMs: number, seed: number): Trace {
  const source = randomSource(seed, 'trace ticks')
  const atMs = trace.atMs.slice()
  for (let first = 0; first < trace.rows;) {
    const tick = trace.atMs[first] as number
    let end = first + 1
    while (end < trace.rows && trace.atMs[end] === tick) end++
    const next = end < trace.rows ? (trace.atMs[end] as number) : Infinity
    const width = Math.min(tickMs, next - tick)
    const offsets = Array.from({ length: end - first }, source).sort((a, b) => a - b)
    offsets.forEach((offset, i) => (atMs[first + i] = tick + offset * width))
    first = end
  }
  return { ...trace, atMs }
}
