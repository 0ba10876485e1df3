import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NOTES, REASONS } from '../../lib/metrics/index.ts'
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

  it('says of which behaviour of a server each reason and note comes', () => {
    const [, table] = written('results.md').split(/<!-- \/?behaviours -->/)
    // Those are of the client itself.
    const own = ['client_error', ...REASONS['aborted']!, ...(REASONS['cancelled'] ?? [])]
    const words = [...NOTES, ...Object.values(REASONS).flat()].filter(
      (word) => !own.includes(word) && !word.startsWith('http_'),
    )
    expect(words.filter((word) => !table!.includes(`\`${word}\``))).toEqual([])
  })
})
