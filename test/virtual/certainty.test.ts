import { expect, test } from 'vitest'
import { cover, truthOf } from '../../scripts/virtual/certainty/cover.ts'
import { coverShares } from '../../scripts/virtual/certainty/shares.ts'
import { startUps } from '../../scripts/virtual/certainty/start-up.ts'
import { coverageTables } from '../../scripts/virtual/certainty/table.ts'
import { untilDecided } from '../../scripts/virtual/certainty/until.ts'

test('intervals of a busy server cover the truth, from requests and from slices', () => {
  const cell = { arrivals: 'poisson', use: 0.8, requests: 2000 } as const
  const truth = truthOf(cell, 200_000)
  const runs = 40
  const coverage = cover(cell, runs, truth)
  for (const kind of ['records', 'slices'] as const) {
    const { ttft_p50, tokens_per_s } = coverage[kind]
    for (const { given, covered } of [ttft_p50, tokens_per_s]) {
      expect(given).toBeGreaterThan(runs / 2)
      expect(covered / given).toBeGreaterThanOrEqual(0.9)
    }
    for (const { falseKept } of Object.values(coverage[kind])) {
      expect(falseKept).toBeLessThanOrEqual(2)
    }
  }
  expect(coverageTables([{ cell, runs, truth, coverage }])).toContain('| poisson | 80 % | 2,000 |')
})

test('tokens/s of a server that was busy all along are not called kept by chance', () => {
  const cell = { arrivals: 'bursts', use: 0.9, requests: 1000 } as const
  const { records, slices } = cover(cell, 150, truthOf(cell, 400_000))
  for (const { given, falseKept } of [records.tokens_per_s, slices.tokens_per_s]) {
    expect(given).toBeGreaterThan(140)
    expect(falseKept).toBeLessThanOrEqual(1)
  }
})

test.each([1, 5])('intervals of a share of failures in groups of %d cover it', (group) => {
  for (const requests of [200, 1000, 2000]) {
    const found = coverShares({ share: 0.01, group, requests }, 300)
    for (const { given, covered, falseKept } of [found.records, found.slices]) {
      expect(given).toBeGreaterThan(250)
      expect(covered / given).toBeGreaterThanOrEqual(0.94)
      expect(falseKept / 300).toBeLessThanOrEqual(0.04)
    }
  }
})

test('a limit far from the p99 is decided long before the run ends, one at it is not', () => {
  const server = { arrivals: 'poisson', use: 0.5 } as const
  const { ttft_p99: p99 } = truthOf(server, 300_000)
  const found = untilDecided({ ...server, requests: 45_000 }, [2, 0.5, 0.99], 3, p99)
  const [missed, kept, close] = found.map(({ result }) => result)
  expect(missed).toMatchObject({ missed: 3, wrong: 0 })
  expect(missed?.played).toBeLessThan(0.5 * 3)
  expect(kept).toMatchObject({ missed: 0, wrong: 0 })
  expect(close).toMatchObject({ kept: 0, missed: 0, played: 3 })
})

test('the start-up of a cold server is found, and of a warm one nothing is cut', () => {
  for (const use of [0.2, 0.5]) {
    const { found, overlooked } = startUps('poisson', use, 4000, 10, 'compiles')
    expect(found).toBeGreaterThanOrEqual(9)
    expect(overlooked).toBeLessThanOrEqual(1)
    expect(startUps('poisson', use, 4000, 10, 'warm').whole).toBeGreaterThanOrEqual(9)
  }
})
