import { expect, it } from 'vitest'
import { comparedPrompt, isCompared, isGraded, pickEndpoint } from '../../lib/load/index.ts'

const N = 20_000
const numbers = Array.from({ length: N }, (_, n) => n)

it.each([0.05, 0.2, 0.5, 1])('a share of %d of any stretch of requests is compared', (share) => {
  for (const from of [0, 777, 12_345]) {
    const of = Array.from({ length: 1000 }, (_, i) => isCompared(share, 7, from + i))
    expect(Math.abs(of.filter(Boolean).length / 1000 - share)).toBeLessThan(0.01)
  }
})

it('every prompt is repeated equally often, by each endpoint, and whether it is graded or not', () => {
  const endpoints = ['a', 'b', 'c'].map((name) => ({ name, weight: 1 }) as never)
  const compared = numbers.filter((n) => isCompared(0.3, 1, n))
  const part = (keep: (n: number) => boolean) => {
    const counts = Array.from({ length: 20 }, () => 0)
    const kept = compared.filter(keep)
    for (const n of kept) counts[comparedPrompt(20, 1, n)]!++
    return counts.map((count) => (count * 20) / kept.length)
  }
  const parts = [
    part(() => true),
    part((n) => isGraded(0.3, 1, n)),
    ...endpoints.map((own) => part((n) => pickEndpoint(endpoints, 1, n) === own)),
  ]
  for (const relative of parts.flat()) expect(Math.abs(relative - 1)).toBeLessThan(0.25)
})
