import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { meanWorkload, readCapacity, workloadDifferences } from '../../lib/capacity/index.ts'
import type { CapacityResult, Workload } from '../../lib/capacity/index.ts'

const CHAT: Workload = {
  scenario: 'chat-steady',
  model: 'm',
  inputTokens: 'fixed(value 200)',
  outputTokens: 'fixed(value 60)',
  inputTokensMean: 200,
  outputTokensMean: 60,
  cachedShare: null,
}
const with_ = (change: Partial<Workload>) => ({ ...CHAT, ...change })

describe('what a capacity was measured with', () => {
  it.each<[string, Partial<Workload>, Partial<Workload>, number, number]>([
    ['itself', {}, {}, 0, 0],
    ['another model', {}, { model: 'n' }, 1, 0],
    ['a model that nobody knows', {}, { model: null }, 0, 0],
    ['20 tokens for 60', { outputTokensMean: 20, outputTokens: 'fixed(value 20)' }, {}, 1, 0],
    ['20 tokens that 60 were asked of', { outputTokensMean: 20 }, {}, 1, 0],
    ['longer prompts', {}, { inputTokensMean: 2000, inputTokens: null }, 1, 0],
    ['lengths of a short run', {}, { outputTokensMean: 70 }, 0, 0],
    ['the same lengths drawn', {}, { outputTokensMean: 63, outputTokens: 'lognormal(…)' }, 0, 1],
    [
      'other lengths asked, and none served',
      { outputTokensMean: null },
      { outputTokens: 'x' },
      1,
      0,
    ],
    ['lengths that nobody knows', { outputTokensMean: null, outputTokens: null }, {}, 0, 1],
    ['another scenario', {}, { scenario: 'chat-spike' }, 0, 1],
    ['prompts from the cache', { cachedShare: 0.8 }, { cachedShare: 0 }, 0, 1],
  ])('%s', (_, measured, other, refused, noted) => {
    const found = workloadDifferences(with_(measured), with_(other))
    expect([found.refused.length, found.noted.length]).toEqual([refused, noted])
  })

  it('names both values', () => {
    const { refused } = workloadDifferences(with_({ outputTokensMean: 20.04 }), CHAT)
    expect(refused).toEqual(['output tokens per request 20, not 60'])
  })

  it('is weighted by the requests of the runs', () => {
    const runs = [
      { completed: 10, workload: with_({ outputTokensMean: 50 }) },
      { completed: 30, workload: with_({ outputTokensMean: 70 }) },
      { completed: 0, workload: with_({ outputTokensMean: null }) },
    ]
    expect(meanWorkload(runs)).toMatchObject({ outputTokensMean: 65, cachedShare: null })
    expect(meanWorkload([])).toBeNull()
  })
})

it('reads no file that is not whole', () => {
  expect(readCapacity({ format: 'other' })).toMatchObject({ ok: false })
  expect(readCapacity(null)).toMatchObject({ ok: false })
  const read = readCapacity({ format: 'k6-inference-capacity', version: 2, perReplica: 0 })
  expect(read).toMatchObject({
    ok: false,
    message: expect.stringMatching(/not whole: version: .*; unit: /),
  })
})

it('is described field by field', () => {
  const page = readFileSync(new URL('../../docs/capacity-and-cost.md', import.meta.url), 'utf8')
  const fields: Record<keyof CapacityResult, true> = {
    format: true,
    version: true,
    unit: true,
    target: true,
    confidence: true,
    capacity: true,
    low: true,
    high: true,
    precision: true,
    precisionAsked: true,
    surelyKept: true,
    surelyMissed: true,
    status: true,
    perReplica: true,
    goodPerS: true,
    outputTokensPerS: true,
    workload: true,
    knee: true,
    points: true,
    runs: true,
    minutes: true,
    notes: true,
  }
  for (const name of [...Object.keys(fields), ...Object.keys(CHAT)])
    expect(page).toContain(`\`${name}\``)
})
