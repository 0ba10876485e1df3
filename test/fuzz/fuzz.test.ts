import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import { fuzz } from '../../scripts/fuzz/run.ts'
import { TARGETS } from '../../scripts/fuzz/targets/index.ts'
import { http } from '../../scripts/fuzz/targets/http.ts'
import { readByNode } from '../../scripts/fuzz/targets/node-http.ts'

// `npm run fuzz` has 2,000,000.
it('no mutated input makes a reader throw, hang, or read differently', async () => {
  const { failures, targets } = await fuzz(5000, 7)
  expect(failures).toEqual([])
  expect(targets.filter(({ inputs }) => inputs < 100)).toEqual([])
}, 120_000)

const corpus = new URL('corpus/', import.meta.url)

interface Finding {
  target: string
  /** What was wrong. */
  found: string
  input: string
}

describe('what fuzzing has found stays mended', () => {
  const findings = readdirSync(corpus).map((name): [string, Finding] => [
    name,
    JSON.parse(readFileSync(new URL(name, corpus), 'utf8')) as Finding,
  ])

  it.each(findings)('%s', async (name, { target, input }) => {
    const found = TARGETS.find((one) => one.name === target)
    expect(found, `${name}: a reader named ${target}`).toBeDefined()
    for (let seed = 1; seed <= 8; seed++) await found!.check(input, randomSource(seed, name))
  })
})

it('reads as llhttp does whatever both take: the comparison does take place', async () => {
  const ended = await Promise.all(http.seeds().map(async (seed) => (await readByNode(seed)).ended))
  expect(ended.filter((how) => how === 'end').length).toBeGreaterThanOrEqual(8)
})
