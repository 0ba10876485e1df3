import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DASHBOARDS } from '../../scripts/pictures/dashboards.ts'
import { PAGES as PICTURED } from '../../scripts/pictures/pages.ts'
import { textOf } from '../support/sources.ts'
import { PAGES } from './documented.ts'

const FOLDER = path.join('docs', 'images')
const MOST_BYTES = 1_500_000

/** What pages show: file and alternative text. */
const SHOWN = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, alt = '', to = '']) => ({
    page,
    alt,
    file: path.join(path.dirname(page), to),
  })),
)

describe('the pictures of the docs', () => {
  it.each(SHOWN)('$page says what $file is', ({ alt }) => {
    expect(alt.length).toBeGreaterThan(20)
  })

  it('are each shown by a page, and made by npm run pictures', () => {
    const files = readdirSync(FOLDER)
    const shown = new Set(SHOWN.map(({ file }) => path.basename(file)))
    expect(files.filter((file) => !shown.has(file))).toEqual([])
    const made = [...Object.keys(PICTURED), ...Object.keys(DASHBOARDS)].sort()
    expect(files.map((file) => path.parse(file).name).sort()).toEqual(made)
  })

  it('are small together', () => {
    const bytes = readdirSync(FOLDER).map((file) => statSync(path.join(FOLDER, file)).size)
    expect(bytes.reduce((sum, own) => sum + own, 0)).toBeLessThan(MOST_BYTES)
  })
})
