import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { report } from '../report/load.ts'
import { resultsPage, resultsSchema } from '../../scripts/docs/results.ts'

const written = (name: string) =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

describe('docs/results.md', () => {
  it('is what `npm run docs` writes, and so is the schema', async () => {
    expect(written('results.md')).toBe(await resultsPage())
    expect(written('results.schema.json')).toBe(await resultsSchema())
  })

  it('explains every figure of a scope and every part of the file', () => {
    const page = written('results.md')
    const {
      name: _name,
      measured: _measured,
      metrics: _metrics,
      ...figures
    } = report('spike').total
    const parts = Object.keys(report('spike')).filter(
      (part) => part !== 'format' && part !== 'version',
    )
    const known = [...Object.keys(figures), ...parts].filter(
      (word) => !page.includes(`\`${word}\``),
    )
    expect(known).toEqual([])
  })
})
