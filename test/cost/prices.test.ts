import { describe, expect, it } from 'vitest'
import {
  energyAt,
  fleetCost,
  limitPrice,
  perMillionAt,
  perMillionWithin,
  replicaHour,
  tokenCost,
  tokensCost,
} from '../../lib/cost/index.ts'
import type { Tokens, Usage } from '../../lib/cost/index.ts'

const tokens = (requests: number, input: number, cached: number, output: number): Tokens => ({
  requests,
  input,
  cached,
  output,
  billedOutput: output,
})

const PARTS = [
  { by: 'application' as const, name: 'chat', tokens: tokens(5, 1000, 500, 100) },
  { by: 'application' as const, name: 'rag', tokens: tokens(2, 9000, 0, 50) },
  { by: 'application' as const, name: 'none', tokens: tokens(0, 0, 0, 0) },
  { by: 'model' as const, name: 'm', tokens: tokens(7, 10_000, 500, 150) },
]

const USAGE: Usage = {
  lengthMs: 10_000,
  plannedMs: 10_000,
  endedEarly: false,
  completedPerS: 0.7,
  outputTokensPerS: 15,
  total: tokens(7, 10_000, 500, 150),
  uncounted: 0,
  cachedKnown: true,
  parts: PARTS,
  energy: undefined,
}

describe('prices', () => {
  it('of tokens count cached input by its own price, or as input', () => {
    const used = tokens(10, 1_000_000, 400_000, 200_000)
    expect(tokenCost(used, { input: 1, cached: 0.1, output: 5 })).toBeCloseTo(0.6 + 0.04 + 1, 12)
    expect(tokenCost(used, { input: 1, cached: undefined, output: 5 })).toBeCloseTo(2, 12)
  })

  it('of tokens are of all that is billed, hidden reasoning too', () => {
    const total = { ...tokens(2, 0, 0, 100), billedOutput: 1_000_000 }
    const [all] = tokensCost(
      { ...USAGE, total, parts: [] },
      { input: 1, cached: undefined, output: 5 },
    )
    expect(all).toMatchObject({ perRequest: 2.5, perMillionOutput: 5, outputTokens: 1_000_000 })
  })

  it('of GPUs become those of tokens by the throughput', () => {
    expect(replicaHour(2, { gpus: 4, overhead: 0.25 })).toBe(10)
    // 1000 tokens/s are 3.6 million in an hour.
    expect(perMillionAt(10, 1000)).toBeCloseTo(10 / 3.6, 12)
    // Fewer tokens/s make each of them dearer.
    const { low, high } = perMillionWithin(10, { low: 500, high: 2000 })
    expect(low).toBeCloseTo(10 / 7.2, 12)
    expect(high).toBeCloseTo(10 / 1.8, 12)
    expect(perMillionWithin(10, { low: null, high: 2000 }).high).toBeNull()
    expect(perMillionWithin(10, undefined)).toEqual({ low: null, high: null })
    expect(perMillionAt(10, 0)).toBeNull()
    expect(perMillionAt(10, null)).toBeNull()
    expect(energyAt(700, 350).joulesPerToken).toBe(2)
    expect(energyAt(700, null).joulesPerToken).toBeNull()
  })

  it('at the limit are those of its lower end, and say what the upper end would make of them', () => {
    const limit = { perReplica: 10, outputTokensPerS: 1000, high: 20, doubts: [] }
    const { perMillionOutput, perMillionOutputAtHigh } = limitPrice(3.6, limit)
    expect([perMillionOutput, perMillionOutputAtHigh]).toEqual([1, 0.5])
    const unknown = limitPrice(3.6, { ...limit, outputTokensPerS: null })
    expect(unknown).toEqual({ perMillionOutput: null, perMillionOutputAtHigh: null })
  })

  it('are shared out to all parts without a rest, by application and by model', () => {
    const [all, ...lines] = fleetCost(USAGE, 3600, 0.1)
    expect(all!.perRequest).toBeCloseTo(1 / 0.7, 12)
    expect(all!.perMillionOutput).toBe(1e6 / 15)
    const cost = (by: string) =>
      lines
        .filter((line) => line.by === by)
        .reduce((sum, line) => sum + (line.perRequest ?? 0) * line.requests, 0)
    expect(cost('application')).toBeCloseTo(10, 12)
    expect(cost('model')).toBeCloseTo(10, 12)
    // chat: 100 + 0.1 * 500 = 150 of 150 + 950.
    expect(lines[0]!.share).toBeCloseTo(150 / 1100, 12)
    expect(lines[2]).toMatchObject({ perRequest: null, perMillionOutput: null, share: 0 })
    const items = tokensCost(USAGE, { input: 1, cached: 0, output: 10 })
    const shares = items.filter(({ by }) => by === 'application').map(({ share }) => share)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('of a run without answers have no value', () => {
    const nothing = {
      ...USAGE,
      completedPerS: 0,
      outputTokensPerS: null,
      total: tokens(0, 0, 0, 0),
    }
    const [all] = fleetCost({ ...nothing, parts: [] }, 1, 0.1)
    expect(all).toMatchObject({ perRequest: null, perMillionOutput: null })
  })
})
