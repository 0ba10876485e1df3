import { describe, expect, test } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import { queueGrows } from '../../lib/statistics/index.ts'

const CELLS = 128

/** Arrivals at random, of a mean rate, at a server that completes at most so many per cell, in order. */
function queue(perCell: number, atMost: number, seed: number) {
  const random = randomSource(seed, 'queue')
  let waiting = 0
  const came: number[] = []
  const went: number[] = []
  for (let i = 0; i < CELLS; i++) {
    // Twenty chances, each of which brings one.
    const n = Array.from({ length: 20 }, () => random()).filter((x) => x < perCell / 20).length
    waiting += n
    const done = Math.min(waiting, atMost)
    waiting -= done
    came.push(n)
    went.push(done)
  }
  return { came, went }
}
const found = (perCell: number, atMost: number) =>
  Array.from({ length: 200 }, (_, i) => queue(perCell, atMost, i + 1)).filter(({ came, went }) =>
    queueGrows(came, went),
  ).length

describe('a queue', () => {
  test('grows where half as much again comes as goes', () => {
    expect(found(6, 4)).toBeGreaterThanOrEqual(198)
  })

  test('does not where the server keeps up, however busy it is', () => {
    expect(found(2, 4)).toBe(0)
    expect(found(3.9, 4)).toBe(0)
  })

  test('does not where all of it came while the server filled up', () => {
    const came = Array.from({ length: CELLS }, () => 4)
    const went = came.map((n, i) => (i < CELLS / 3 ? 0 : n))
    expect(queueGrows(came, went)).toBe(false)
  })

  test('is not told of few cells, or of nothing', () => {
    expect(queueGrows([9, 9, 9, 9], [1, 1, 1, 1])).toBe(false)
    expect(queueGrows([], [])).toBe(false)
    expect(
      queueGrows(
        Array.from({ length: 8 }, () => 0),
        Array.from({ length: 8 }, () => 0),
      ),
    ).toBe(false)
  })
})
