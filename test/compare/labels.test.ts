import { expect, it } from 'vitest'
import { compareRuns, comparisonShown } from '../../lib/compare/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { virtualRecords } from '../../scripts/virtual/index.ts'

it('stand for whole names, not for the beginning of a longer one', () => {
  const run = (name: string, serverSeed: number) => {
    const records = virtualRecords({
      name,
      ratePerS: 8,
      warmupMs: 5_000,
      measuredMs: 20_000,
      trafficSeed: 3,
      serverSeed,
    })
    const made = runOfRecords(name, records)
    return { ...made, conditions: { ...made.conditions, clientLimits: ['started late'] } }
  }
  const [first, tenth] = [run('results/run-1', 1), run('results/run-10', 2)]
  const [found] = compareRuns([first], [[tenth]], { figures: ['ttft_p95'] })
  const labels = new Map([
    [first.name, 'localhost:8000'],
    [tenth.name, 'localhost:9000'],
  ])
  const { title, facts } = comparisonShown(found!, labels)
  expect(title).toBe('localhost:9000 against localhost:8000: not comparable')
  expect(facts).toContain('NOT COMPARABLE: localhost:8000: started late')
  expect(facts).toContain('NOT COMPARABLE: localhost:9000: started late')
})
