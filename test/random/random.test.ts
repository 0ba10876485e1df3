import { describe, expect, it } from 'vitest'
import { randomSource, shuffled } from '../../lib/random/index.ts'

describe('the source of random numbers', () => {
  it('gives the mersenne twister of its seed, the same for ever', () => {
    // First outputs of MT19937 for seed 1 (any implementation), two of which make a float of 53 bits.
    const outputs = [1791095845, 4282876139, 3093770124, 4005303368]
    const float = (a: number, b: number) => (a % 2 ** 26) / 2 ** 26 + (b % 2 ** 27) / 2 ** 53
    const source = randomSource(1)
    expect(source()).toBe(float(outputs[0] as number, outputs[1] as number))
    expect(source()).toBe(float(outputs[2] as number, outputs[3] as number))
  })

  it('begins elsewhere for neighbouring seeds and for other names', () => {
    const firsts = [1, 2, 3, 4].flatMap((seed) => [randomSource(seed)(), randomSource(seed, 'a')()])
    const sorted = firsts.sort((a, b) => a - b)
    for (let i = 1; i < sorted.length; i++) {
      expect((sorted[i] as number) - (sorted[i - 1] as number)).toBeGreaterThan(1e-4)
    }
  })

  it('shuffles all of them, each order as likely', () => {
    const source = randomSource(5)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(3, source).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210'])
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })
})
