import { html, scriptJson } from '../tables/index.ts'
import type { Tone } from '../tables/index.ts'
import { short } from './chart.ts'
import type { PageData } from './chart.ts'

/** The pages' own script with its chart library, and their stylesheet. */
export interface Assets {
  script: string
  style: string
}

/** A part of a page. Without a body it is left out. */
export interface Section {
  id: string
  title: string
  /** HTML. */
  body: string
  /** Closed at first, for what few look up. */
  folded?: boolean
}

export interface Frame {
  /** Of the browser's tab. */
  title: string
  tone: Tone
  /** The headline, and HTML of what follows it in the header. */
  mark: string
  headline: string
  header: string
  sections: readonly Section[]
  data: PageData
}

/** From this number of sections a page has a table of contents. */
const CONTENTS_FROM = 4

/**
 * A page as one HTML file that needs no other file and no network: its own policy forbids any. All text
 * from outside must have been escaped. Without JavaScript everything but the charts is shown.
 */
export function framed({ script, style }: Assets, page: Frame): string {
  const { title, tone, mark, headline, header, data } = page
  const sections = page.sections.filter(({ body }) => body !== '')
  const own = { ...data, charts: short(data.charts) }
  const mayDraw = Object.values(data.charts).some((charts) => charts.length > 0)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="k6-inference">
<title>${html(title)}</title>
<style>${style.replace(/<\/style/gi, '<\\/style')}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the figures</a>
<header class="${tone}">
<div class="bar"><h1><span class="mark" aria-hidden="true">${html(mark)}</span> ${html(headline)}</h1><button type="button" id="theme" aria-label="Change between light and dark" title="Light or dark">◐</button></div>
${header}
</header>
${contents(sections)}
<main id="main">
${mayDraw ? '<noscript><p class="hint">Charts need JavaScript; every table is complete without it.</p></noscript>' : ''}
${sections.map(sectionHtml).join('\n')}
</main>
<script type="application/json" id="data">${scriptJson(own)}</script>
<script>${script.replace(/<\/script/gi, '<\\/script')}</script>
</body>
</html>
`
}

/** The place for charts of the data; empty where there are none. */
export function chartPlace(
  data: PageData,
  place: string,
  columns: 'two' | 'three' = 'two',
): string {
  if ((data.charts[place] ?? []).length === 0) return ''
  return `<div class="charts ${columns}" data-charts="${place}"></div>`
}

function sectionHtml({ id, title, body, folded }: Section): string {
  const heading = `<h2>${html(title)}</h2>`
  return folded
    ? `<section id="${id}"><details><summary>${heading}</summary>\n${body}\n</details></section>`
    : `<section id="${id}">${heading}\n${body}\n</section>`
}

function contents(sections: readonly Section[]): string {
  if (sections.length < CONTENTS_FROM) return ''
  const links = sections.map(({ id, title }) => `<a href="#${id}">${html(title)}</a>`)
  return `<nav aria-label="On this page">${links.join('')}</nav>`
}
