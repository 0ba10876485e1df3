import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../lib/config/index.ts'
import type { ShapeName } from '../../lib/config/index.ts'

const read = (env: Record<string, string>, shape: ShapeName = 'steady') =>
  parseConfig({ scenario: 'x', shape, env, defaults: { DURATION: '2m' }, hints: false })
const problems = (env: Record<string, string>, shape?: ShapeName) => {
  const result = read(env, shape)
  return result.ok ? [] : result.problems.map(({ variable, message }) => `${variable}: ${message}`)
}

describe('PROFILE=certified', () => {
  it('measures 30 minutes, whatever the scenario has by default', () => {
    const result = read({ PROFILE: 'certified' })
    expect(result.ok && result.config.load).toMatchObject({
      durationMs: 1_800_000,
      warmupMs: 120_000,
    })
    const none = read({})
    expect(none.ok && none.config.load.durationMs).toBe(120_000)
  })

  it('takes a longer run, and no shorter one', () => {
    const long = read({ PROFILE: 'certified', DURATION: '1h', WARMUP: '5m' })
    expect(long.ok && long.config.load).toMatchObject({ durationMs: 3_600_000, warmupMs: 300_000 })
    expect(problems({ PROFILE: 'certified', DURATION: '5m' })).toEqual([
      'DURATION: shorter than PROFILE=certified measures',
    ])
  })

  it('is of constant load', () => {
    expect(problems({ PROFILE: 'certified' }, 'spike')).toEqual([
      'PROFILE: the load shape "spike" is not of constant load',
    ])
    expect(problems({ PROFILE: 'certified' }, 'soak')).toEqual([])
  })
})

it('CONFIDENCE is a share, in per cent or not, and STRICT a switch', () => {
  const result = read({ CONFIDENCE: '99%', STRICT: '1' })
  expect(result.ok && result.config.values).toMatchObject({ CONFIDENCE: 0.99, STRICT: true })
  expect(problems({ CONFIDENCE: '1' })).toHaveLength(1)
})
