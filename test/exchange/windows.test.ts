import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokensByWindow } from '../../lib/exchange/index.ts'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { resultWith } from '../support/results.ts'

const windows = [
  { startMs: 1000, endMs: 1110 },
  { startMs: 1110, endMs: 1140 },
  { startMs: 1140, endMs: 2000 },
]

test.each<[string, Partial<ExchangeResult>, number[]]>([
  ['chunks at 1100, 1110, 1140: the start is inside, the end is not', {}, [1, 1, 1]],
  ['scaled to the billed tokens', { outputTokens: 12 }, [4, 4, 4]],
  ['by the tokens of each chunk', { outputTokens: 10, chunkTokens: [6, 1, 3] }, [6, 1, 3]],
  ['by the tokens of each chunk, scaled', { outputTokens: 20, chunkTokens: [6, 1, 3] }, [12, 2, 6]],
  ['partial tokens of a failure', { outcome: 'truncated' }, [1, 1, 1]],
  ['nothing received', { chunkTimesMs: [], outputTokens: 0 }, [0, 0, 0]],
])('%s', (_, change, expected) => {
  expect(tokensByWindow(resultWith(change), windows)).toEqual(expected)
})

test('a whole answer counts where it ended', () => {
  const whole = resultWith({ chunkTimesMs: [], outputTokens: 7 }, { lastTokenMs: 1140 })
  expect(tokensByWindow(whole, windows)).toEqual([0, 0, 7])
})

test('property: windows that cover all of the time add up to the output tokens', () => {
  const times = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(
      times,
      fc.array(fc.nat(1000), { maxLength: 5 }),
      fc.nat(5000),
      fc.boolean(),
      (list, cuts, output, known) => {
        const chunkTimesMs = [...list].sort((a, b) => a - b)
        const edges = [0, ...cuts.sort((a, b) => a - b), 1001]
        const parts = edges.slice(1).map((endMs, i) => ({ startMs: edges[i]!, endMs }))
        const chunkTokens = known ? chunkTimesMs.map((_, i) => 1 + (i % 4)) : undefined
        const found = tokensByWindow(
          resultWith({ chunkTimesMs, chunkTokens, outputTokens: output }),
          parts,
        )
        expect(found.reduce((sum, n) => sum + n, 0)).toBeCloseTo(output, 6)
        expect(found.every((n) => n >= 0)).toBe(true)
      },
    ),
  )
})
