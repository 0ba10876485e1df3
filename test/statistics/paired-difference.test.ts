import { expect, it } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import { pairedDifference } from '../../lib/statistics/index.ts'

const counts = (both: number, onlyOne: number, onlyOther: number, neither: number) => ({
  both,
  onlyOne,
  onlyOther,
  neither,
})

// Newcombe 1998 (paired), table III, method 10: 36, 12, 2, 0.
it('lies where Newcombe has it', () => {
  const { value, low, high } = pairedDifference(counts(36, 12, 2, 0))
  expect(value).toBeCloseTo(0.2, 12)
  expect(low).toBeCloseTo(0.0569, 4)
  expect(high).toBeCloseTo(0.3404, 4)
})

it('is the same the other way round', () => {
  const [there, back] = [counts(80, 12, 3, 5), counts(80, 3, 12, 5)].map((one) =>
    pairedDifference(one),
  )
  expect(there!.low).toBeCloseTo(-back!.high!, 12)
  expect(pairedDifference(counts(0, 0, 0, 0)).value).toBeUndefined()
})

it('covers the true difference of two providers that mostly agree', () => {
  const random = randomSource(5, 'pairs')
  let covered = 0
  const [runs, pairs] = [400, 300]
  for (let run = 0; run < runs; run++) {
    const found = [0, 0, 0, 0]
    for (let i = 0; i < pairs; i++) {
      // 6 % fail with both, 5 % only with the other, 1 % only with the one: 4 points.
      const draw = random()
      found[draw < 0.06 ? 3 : draw < 0.11 ? 1 : draw < 0.12 ? 2 : 0]!++
    }
    const { low, high } = pairedDifference(counts(...(found as [number, number, number, number])))
    if (low! <= 0.04 && high! >= 0.04) covered++
  }
  expect(covered / runs).toBeGreaterThanOrEqual(0.93)
})
