import { cleanText } from '../safe-text/index.ts'
import { html, htmlTable } from '../tables/index.ts'
import type { Shown, Tone } from '../tables/index.ts'
import type { Chart, PageData } from './chart.ts'
import { chartPlace, framed } from './frame.ts'
import type { Assets, Section } from './frame.ts'
import { list } from './parts.ts'

/** What a page shows beside a table. */
export interface Beside {
  /** HTML of this project before the table. */
  before?: string | undefined
  /** Groups of charts after it, each with its title. */
  charts?: readonly { title: string; charts: readonly Chart[]; three?: boolean }[] | undefined
}

export interface ShownPage extends Assets {
  shown: readonly Shown[]
  /** By the number of the table. */
  beside?: readonly (Beside | undefined)[] | undefined
  /** Pages of the runs that the figures come from. */
  links?: readonly { name: string; href: string }[] | undefined
  phases?: PageData['phases'] | undefined
}

const MARKS: Readonly<Record<Shown['status'], { mark: string; tone: Tone }>> = {
  good: { mark: '✓', tone: 'good' },
  bad: { mark: '✗', tone: 'bad' },
  unclear: { mark: '?', tone: 'warn' },
  none: { mark: '·', tone: '' },
}

/**
 * Tables as one HTML file that needs no other: the first one's title is the headline, its facts are in the
 * header, and how it was judged is folded.
 */
export function renderShown({
  shown,
  beside = [],
  links = [],
  phases = [],
  ...assets
}: ShownPage): string {
  const [first] = shown
  if (first === undefined) throw new RangeError('a page of tables needs a table')
  const places = beside.flatMap((own, i) =>
    (own?.charts ?? []).map(({ charts }, k) => [`charts-${i}-${k}`, charts] as const),
  )
  const data: PageData = { phases, charts: Object.fromEntries(places) }
  const sections = shown.flatMap((one, i) => sectionsOf(one, i, beside[i], data))
  return framed(assets, {
    title: cleanText(first.title, 2000),
    ...MARKS[first.status],
    headline: cleanText(first.title, 2000),
    header: list(clean(first.facts)) + linksHtml(links),
    sections: [...sections, notesSection(shown)],
    data,
  })
}

function sectionsOf(one: Shown, i: number, own: Beside | undefined, data: PageData): Section[] {
  const groups = (own?.charts ?? []).map(({ title, three }, k): Section => {
    const body = chartPlace(data, `charts-${i}-${k}`, three ? 'three' : 'two')
    return { id: `group-${i}-${k}`, title, body }
  })
  const table: Section = {
    id: `table-${i}`,
    title: i === 0 ? 'Figures' : cleanText(one.title, 2000),
    body: [i === 0 ? '' : list(clean(one.facts)), own?.before ?? '', htmlTable(one)].join('\n'),
  }
  return [table, ...groups]
}

function notesSection(shown: readonly Shown[]): Section {
  const notes = [...new Set(shown.flatMap((one) => clean(one.notes)))]
  const body = notes.map((note) => `<p>${html(note)}</p>`).join('\n')
  return { id: 'method', title: 'How this was judged', body, folded: true }
}

function linksHtml(links: NonNullable<ShownPage['links']>): string {
  if (links.length === 0) return ''
  const items = links.map(
    ({ name, href }) => `<a href="${html(href)}">${html(cleanText(name))}</a>`,
  )
  return `<p>Reports of the runs: ${items.join(', ')}</p>`
}

function clean(texts: readonly string[]): string[] {
  return texts.map((text) => cleanText(text, 2000))
}
