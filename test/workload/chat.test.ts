import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { chat, uncalibrated, type WorkloadConfig } from '../../lib/workload/index.ts'

const config = (over: Partial<WorkloadConfig> = {}): WorkloadConfig => ({
  load: { seed: 7 },
  inputTokens: { kind: 'lognormal', median: 200, sigma: 0.6, min: 16, max: 2000 },
  outputTokens: { kind: 'uniform', min: 10, max: 50 },
  ...over,
})

const textOf = (n: number, c = config(), context = {}) =>
  String(chat(c).request(n, context).request.messages?.[0]?.content)

describe('chat', () => {
  it('gives request n whatever was asked before, in any order and segment', () => {
    const whole = chat(config())
    const inOrder = Array.from({ length: 60 }, (_, n) => whole.request(n))
    const segments = [chat(config()), chat(config()), chat(config())]
    for (let n = 59; n >= 0; n--) expect(segments[n % 3]?.request(n)).toEqual(inOrder[n])
  })

  it('changes with the seed, and with the salt in its words alone', () => {
    expect(textOf(3)).not.toBe(textOf(3, config({ load: { seed: 8 } })))
    const plain = chat(config()).request(3)
    const salted = chat(config()).request(3, { salt: 'second run' })
    expect(salted.inputTokens).toBe(plain.inputTokens)
    expect(salted.outputTokens).toBe(plain.outputTokens)
    expect(textOf(3, config(), { salt: 'second run' }).slice(0, 20)).not.toBe(
      textOf(3).slice(0, 20),
    )
  })

  it('starts no two prompts alike when cold, also prompts too short for it', () => {
    for (const value of [1, 12, 300]) {
      const c = config({ inputTokens: { kind: 'constant', value } })
      const starts = new Set<string>()
      for (let n = 0; n < 20_000; n++) starts.add(textOf(n, c).split(' ', 5).join(' '))
      expect(starts.size).toBe(20_000)
    }
  })

  it('costs the wanted tokens where a word is a token', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 40, max: 20_000 }), (n, value) => {
        const calibration = { ...uncalibrated(), overheads: { chat: 20 } }
        const c = config({ inputTokens: { kind: 'constant', value } })
        const words = textOf(n, c, { calibration }).split('\n\n')[0]?.split(' ').length ?? 0
        // The opener is part of the frame's 20.
        expect(words - 1).toBe(value - 20)
      }),
    )
  })

  it.each([
    ['auto', undefined, {}],
    ['auto', { minTokens: true, ignoreEos: true }, { minTokens: 30, ignoreEos: true }],
    ['auto', { minTokens: false, ignoreEos: true }, { ignoreEos: true }],
    ['on', undefined, { ignoreEos: true }],
    ['off', { minTokens: true, ignoreEos: true }, {}],
  ] as const)('holds the answer: %s, %o', (ignoreEos, controls, sent) => {
    const c = config({ ignoreEos, outputTokens: { kind: 'constant', value: 30 } })
    const { messages: _, ...rest } = chat(c).request(0, { controls }).request
    expect(rest).toEqual({ maxTokens: 30, ...sent })
  })
})
