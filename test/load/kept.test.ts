import { expect, it } from 'vitest'
import { firstNotKept, isGraded, isKept, MOST_KEPT } from '../../lib/load/index.ts'

const numbers = Array.from({ length: 20_000 }, (_, n) => n)

it.each([
  [0.05, 0.2],
  [0.2, 0.05],
  [0.1, 0.1],
])('of shares kept %d and graded %d, the smaller part lies in the larger one', (kept, graded) => {
  const both = numbers.filter((n) => isKept(kept, 3, n) && isGraded(graded, 3, n)).length
  const smaller = Math.min(kept, graded) * numbers.length
  expect(Math.abs(both - smaller)).toBeLessThan(5)
})

it.each([1, 0.3, 0.01])('of a share of %d no more than so many answers are kept', (share) => {
  const end = firstNotKept(share)
  const kept = Array.from({ length: end + 2000 }, (_, n) => n).filter((n) => isKept(share, 9, n))
  expect(Math.abs(kept.length - MOST_KEPT)).toBeLessThan(5)
  expect(kept.at(-1)).toBeLessThan(end)
})
