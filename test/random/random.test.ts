import { describe, expect, it } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'

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
})
