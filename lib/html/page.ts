import type { Detail } from '../runs/index.ts'
import { factsOf, STATUS_MARKS } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { bottleneckOf } from './bottleneck.ts'
import { chartData } from './data.ts'
import { html, scriptJson } from '../tables/index.ts'
import {
  bottleneckSection,
  configSection,
  endpointSection,
  groupsSection,
  latencySection,
  loadSection,
  outcomeSection,
  ownSection,
  qualitySection,
  section,
  slowestSection,
  sloSection,
  sweepSection,
  warningSection,
} from './sections.ts'

export interface PageInput {
  report: Report
  /** From the records, where there are any. */
  detail?: Detail | undefined
  plan?: RunInfo['plan'] | undefined
  /** The page's own script with its chart library, and its stylesheet. */
  script: string
  style: string
}

/**
 * The report as one HTML file that needs no other file and no network (its own policy forbids any). All
 * text from outside is escaped. Without JavaScript the tables and verdicts are shown, the charts are
 * not.
 */
export function renderHtml({ report, detail, plan, script, style }: PageInput): string {
  const { verdict, run } = report
  const data = chartData(report, detail, plan)
  const ran = verdict.status !== 'no_load'
  const timed = data.series !== null || data.slices !== null
  const sections = ran
    ? [
        sloSection(report),
        bottleneckSection(bottleneckOf(report, detail, plan)),
        latencySection(report, detail !== undefined),
        section(
          'time',
          'Over time',
          timed ? '<div class="charts two" data-charts="time"></div>' : '',
          memoryText(detail),
          detail === undefined
            ? '<p class="hint">Coarse, as there are no request records: run with RECORDS=on for every second, distributions, slowest and failed requests.</p>'
            : '',
        ),
        sweepSection(report, data.sweep !== null),
        endpointSection(report),
        qualitySection(report),
        loadSection(report),
        groupsSection(detail),
        outcomeSection(report, detail),
        slowestSection(detail),
      ]
    : []
  const body = [...sections, warningSection(report), ownSection(report), configSection(report)]
  const reasons = verdict.reasons.map((reason) => `<li>${html(reason)}</li>`).join('')
  const facts = [...factsOf(report), run.startedAt ?? ''].filter((fact) => fact !== '')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="k6-inference">
<title>${html(`${verdict.headline} · ${run.scenario}`)}</title>
<style>${style.replace(/<\/style/gi, '<\\/style')}</style>
</head>
<body>
<header class="${STATUS_MARKS[verdict.status].tone}">
<div class="bar"><h1><span class="mark">${STATUS_MARKS[verdict.status].mark}</span> ${html(verdict.headline)}</h1><button type="button" id="theme" title="light or dark">◐</button></div>
<p class="scenario">${html(run.scenario)}</p>
${reasons === '' ? '' : `<ul class="reasons">${reasons}</ul>`}
<p class="facts">${html(facts.join(' · '))}</p>
</header>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script.replace(/<\/script/gi, '<\\/script')}</script>
</body>
</html>
`
}

/** In soak runs: how the memory in use changed, by the median of slopes (Theil-Sen). */
function memoryText(detail: Detail | undefined): string {
  const points = detail?.server.values['llm_gpu_memory_used']
  if (detail === undefined || points === undefined) return ''
  const known = points.flatMap((value, i) =>
    value === null ? [] : [[detail.server.atS[i] as number, value] as const],
  )
  const step = Math.max(1, Math.floor(known.length / 200))
  const some = known.filter((_, i) => i % step === 0)
  const slopes = some.flatMap(([t, v], i) =>
    some.slice(i + 1).flatMap(([t2, v2]) => (t2 > t ? [(v2 - v) / (t2 - t)] : [])),
  )
  slopes.sort((a, b) => a - b)
  const middle = slopes[Math.floor(slopes.length / 2)]
  const seconds = (some[some.length - 1]?.[0] ?? 0) - (some[0]?.[0] ?? 0)
  // Over less than ten minutes a slope is warm-up, not a leak.
  if (middle === undefined || seconds < 600) return ''
  const perHour = (middle * 3600) / 2 ** 20
  return `<p>GPU memory in use moved by ${html(perHour.toFixed(1))} MiB per hour (median of slopes).</p>`
}
