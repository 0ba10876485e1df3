import { expect, test } from 'vitest'
import { playDivergence } from '../../scripts/virtual/divergence/play.ts'
import { proveDivergence } from '../../scripts/virtual/divergence/prove.ts'

const sweep = { steps: [4, 8, 16], answersPerStep: 500, prompts: 20, times: 5 }

test('1 % of answers that only load spoils is found at the right step, and nothing on a clean server', () => {
  const spoilt = proveDivergence({ ...sweep, corruption: { share: 0.01, above: 8 } }, 50)
  expect(spoilt.warned).toBeGreaterThanOrEqual(49)
  expect(spoilt.rightSteps).toBe(spoilt.warned)
  expect(spoilt.proved).toBeGreaterThan(25)
  const clean = proveDivergence({ ...sweep, corruption: { share: 0, above: 8 } }, 50)
  expect([clean.warned, clean.proved]).toEqual([0, 0])
})

test('8 % of answers are proved to be spoilt, above what the server does without load', () => {
  const corruption = { share: 0.08, above: 8, chance: 0.02 }
  const { divergence, warnings, slo } = playDivergence({
    ...sweep,
    corruption,
    limit: 0.01,
    seed: 3,
  })
  const certain = divergence?.parts.filter((part) => part.certain).map(({ name }) => name)
  expect(certain).toEqual(['c16'])
  expect(warnings.find(({ type }) => type === 'load_changes_answers')?.message).toMatch(
    /^load changes answers: \d+ of 500 answers \(.* %\) in c16 differ/,
  )
  expect(slo.find(({ id }) => id === 'divergence')?.title).toBe('answers other than idle')
})

test('a server that differs from itself without load is not said to be changed by load', () => {
  const proof = proveDivergence({ ...sweep, corruption: { share: 0, above: 8, chance: 0.02 } }, 40)
  expect(proof.proved).toBeLessThanOrEqual(2)
})
