import type { Detail, ShownRequest } from '../runs/index.ts'
import { count, num, html, htmlTable } from '../tables/index.ts'
import {
  checkTable,
  divergenceRows,
  divergenceTable,
  endpointTable,
  latencyTable,
  loadTable,
  outcomeRows,
  qualityRows,
  qualityTable,
  resultRows,
  sweepTable,
  thresholdTable,
} from '../report/index.ts'
import type { Report } from '../results/index.ts'
import type { Bottleneck } from './bottleneck.ts'
import type { Section } from './frame.ts'
import { memoryText } from './memory.ts'
import { list, pairs, section } from './parts.ts'

/** @param said what the header says already */
export function bottleneckSection(
  { where, sentence, evidence }: Bottleneck,
  said: readonly string[],
): Section {
  const state = where === 'none seen' ? 'good' : where === 'client' ? 'bad' : 'warn'
  return section(
    'bottleneck',
    'What held it back',
    `<p><span class="tag ${state}">${html(where)}</span> ${html(sentence)}</p>`,
    list(evidence.filter((text) => !said.includes(text))),
  )
}

/** @param charts HTML of their place; empty where there is nothing to draw */
export function timeSection(detail: Detail | undefined, charts: string): Section {
  return section(
    'time',
    'Over time',
    charts,
    memoryText(detail),
    detail === undefined ? COARSE : '',
  )
}

const COARSE =
  '<p class="hint">Coarse, as there are no request records: run with RECORDS=on for every second, distributions, slowest and failed requests.</p>'

export function distributionSection(charts: string): Section {
  return section('distributions', 'Distributions', charts)
}

/** A table for each latency, as one of all would not fit a phone. */
export function latencySection(report: Report): Section {
  const { heading, rows, align = '' } = latencyTable(report)
  const starts = rows.flatMap(([title], i) => (title === '' ? [] : [i]))
  const tables = starts.map((start, k) => {
    const own = rows.slice(start, starts[k + 1])
    const title = `${own[0]?.[0] ?? ''}, ${heading[0] ?? ''}`
    return (
      `<div><h3>${html(title)}</h3>` +
      `${htmlTable({ heading: heading.slice(1), rows: own.map((row) => row.slice(1)), align: align.slice(1) })}</div>`
    )
  })
  return section(
    'latency',
    'Latency by phase',
    tables.length === 0 ? '' : `<div class="tables">${tables.join('\n')}</div>`,
  )
}

export function loadSection(report: Report): Section {
  return section('load', 'Load', htmlTable(loadTable(report)), pairs(resultRows(report)))
}

export function sweepSection(report: Report, charts: string): Section {
  return section('sweep', 'Throughput against latency', charts, htmlTable(sweepTable(report)))
}

export function endpointSection(report: Report): Section {
  return section('endpoints', 'Endpoints', htmlTable(endpointTable(report)))
}

export function qualitySection(report: Report): Section {
  return section(
    'quality',
    'Quality',
    htmlTable(qualityTable(report)),
    pairs(qualityRows(report)),
    htmlTable(divergenceTable(report)),
    pairs(divergenceRows(report)),
  )
}

export function groupsSection(detail: Detail | undefined): Section {
  const groups = detail?.groups ?? []
  const kinds = [...new Set(groups.map((group) => group.by))]
  const shown = kinds.filter((by) => groups.filter((group) => group.by === by).length > 1)
  const heading = ['completed', 'failed', 'TTFT p50', 'p95', 'TPOT p50', 'p95', 'E2E p50', 'p95']
  return section(
    'groups',
    'By application, model and step',
    ...shown.map((by) => {
      const rows = groups
        .filter((group) => group.by === by)
        .map(({ name, completed, failed, ttft, tpot, e2e }) => [
          name,
          count(completed),
          count(failed),
          ...[ttft.p50, ttft.p95, tpot.p50, tpot.p95, e2e.p50, e2e.p95].map(num),
        ])
      return htmlTable({ heading: [by, ...heading], rows })
    }),
  )
}

export function outcomeSection(report: Report, detail: Detail | undefined): Section {
  const failed =
    detail === undefined || detail.failed.length === 0
      ? ''
      : `<h3>Failed requests${detail.failures > detail.failed.length ? ` (the first ${detail.failed.length} of ${count(detail.failures)})` : ''}</h3>` +
        htmlTable({
          heading: ['request', 'at s', 'phase', 'app', 'outcome', 'reason', 'message'],
          align: 'lllllll',
          rows: detail.failed.map((r) => [
            r.id,
            num(r.startMs / 1000),
            r.phase,
            r.app,
            r.outcome,
            r.reason,
            r.message ?? '',
          ]),
        })
  return section('outcomes', 'Outcomes', pairs(outcomeRows(report)), failed)
}

export function slowestSection(detail: Detail | undefined): Section {
  const some = detail !== undefined && detail.slowestTtft.length > 0
  const parts = some
    ? [
        '<h3>By TTFT</h3>',
        requests(detail.slowestTtft),
        '<h3>By E2E</h3>',
        requests(detail.slowestE2e),
      ]
    : []
  return { ...section('slowest', 'Slowest requests', ...parts), folded: true }
}

function requests(list: readonly ShownRequest[]): string {
  const heading = ['request', 'phase', 'app', 'prompt', 'server id', 'at s', 'in', 'out']
  const rows = list.map((r) => [
    r.id,
    r.phase,
    r.app,
    r.promptId,
    r.requestId ?? '',
    num(r.startMs / 1000),
    count(r.inputTokens),
    count(r.outputTokens),
    ...[r.ttftMs, r.tpotMs, r.e2eMs, r.stallMs].map(num),
  ])
  return htmlTable({
    heading: [...heading, 'TTFT ms', 'TPOT ms', 'E2E ms', 'longest stall ms'],
    align: 'lllllrrrrrrr',
    rows,
  })
}

export function ownSection(report: Report): Section {
  const { metrics } = report.own
  return section(
    'own',
    "The script's own",
    htmlTable(thresholdTable(report)),
    htmlTable(checkTable(report)),
    htmlTable({
      heading: ['metric', 'values'],
      align: 'll',
      rows: metrics.map((m) => [
        m.name,
        Object.entries(m.values)
          .map(([name, value]) => `${name} ${num(value)}`)
          .join(', '),
      ]),
    }),
  )
}

export function configSection(report: Report): Section {
  const rows = flatten({ ...report.environment, load: report.load, run: report.run })
  const table = htmlTable({ heading: ['name', 'value'], align: 'll', rows })
  return { ...section('config', 'Configuration', table), folded: true }
}

function flatten(value: unknown, path = ''): [string, string][] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [[path, String(value)]]
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.length === 0 ? [] : [[path, value.join(', ')]]
  }
  return Object.entries(value).flatMap(([key, item]) =>
    flatten(item, path === '' ? key : `${path}.${key}`),
  )
}
