import { expect, it } from 'vitest'
import { compareRuns, comparisonShown, labelsOf } from '../../lib/compare/index.ts'
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

it('name the sides of repeats by their addresses, else by what their folders have in common', () => {
  const run = (name: string, baseUrl: string) => {
    const made = runOfRecords(
      name,
      virtualRecords({
        ...{ name, ratePerS: 4, warmupMs: 1_000, measuredMs: 5_000 },
        ...{ trafficSeed: 3, serverSeed: name.length },
      }),
    )
    const { report } = made
    const config = { ...report.environment.config, endpoint: { baseUrl } }
    return { ...made, report: { ...report, environment: { ...report.environment, config } } }
  }
  const titleOf = (urls: readonly [string, string]) => {
    const sides = ['a', 'b'].map((side, i) =>
      [1, 2].map((n) => run(`results/t/${side}/repeat-${n}`, urls[i] as string)),
    )
    const [before = [], after = []] = sides
    const [found] = compareRuns(before, [after], { figures: ['ttft_p95'] })
    return comparisonShown(found!, labelsOf(sides)).title.replace(/:[^:]*$/, '')
  }
  expect(titleOf(['http://one:8000/v1', 'http://two:8000/v1'])).toBe(
    'two:8000 (2 runs) against one:8000 (2 runs)',
  )
  expect(titleOf(['http://one:8000/v1', 'http://one:8000/v1'])).toBe(
    'b (2 runs) against a (2 runs)',
  )
})
