import type { Detail, ShownRequest } from '../runs/index.ts'
import { count, num, percent, html, htmlTable } from '../tables/index.ts'
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
  sloTable,
  sweepTable,
  thresholdTable,
} from '../report/index.ts'
import type { Report } from '../results/index.ts'
import type { Bottleneck } from './bottleneck.ts'

export function section(id: string, title: string, ...parts: string[]): string {
  const body = parts.filter((part) => part !== '').join('\n')
  return body === '' ? '' : `<section id="${id}"><h2>${html(title)}</h2>\n${body}\n</section>`
}

export function sloSection(report: Report): string {
  const { rows, tones } = sloTable(report)
  const cards = rows.map(
    ([mark = '', title = '', limit = '', value = '', within = '', word = ''], i) => {
      const interval = within === '' ? '' : ` · ${within}`
      return (
        `<div class="card ${tones?.[i] ?? ''}"><div class="label">${html(title)}</div>` +
        `<div class="value">${html(value)}</div>` +
        `<div class="limit">${html(mark)} ${html(word)} · limit ${html(limit)}${html(interval)}</div></div>`
      )
    },
  )
  const { measured } = report
  const facts: (readonly [string, string, string])[] = [
    ...(measured.textsPerS === null
      ? ([
          ['Output', `${num(measured.outputTokensPerS)} tokens/s`, 'measured phases'],
          ['Per user', `${num(measured.tokensPerSPerUser)} tokens/s`, '1 / median TPOT'],
        ] as const)
      : ([
          ['Texts', `${num(measured.textsPerS)} texts/s`, 'measured phases'],
          ['Input', `${num(measured.inputTokensPerS)} tokens/s`, 'measured phases'],
        ] as const)),
    [
      'Goodput',
      measured.goodPerS === null ? '–' : `${num(measured.goodPerS)} requests/s`,
      measured.goodShare === null
        ? 'no latency limit was set'
        : `${percent(measured.goodShare)} keep every limit`,
    ],
    [
      'Completed',
      count(measured.completed),
      `of ${count(measured.started)} started, measured phases`,
    ],
  ]
  const plain = facts.map(
    ([label, value, note]) =>
      `<div class="card"><div class="label">${html(label)}</div>` +
      `<div class="value">${html(value)}</div><div class="limit">${html(note)}</div></div>`,
  )
  return section(
    'slo',
    'Service level',
    `<div class="cards">${cards.join('')}</div>`,
    `<div class="cards">${plain.join('')}</div>`,
  )
}

export function bottleneckSection({ where, sentence, evidence }: Bottleneck): string {
  const state = where === 'none seen' ? 'good' : where === 'client' ? 'bad' : 'warn'
  return section(
    'bottleneck',
    'Bottleneck',
    `<p><span class="tag ${state}">${html(where)}</span> ${html(sentence)}</p>`,
    list(evidence),
  )
}

export function latencySection(report: Report, charts: boolean): string {
  return section(
    'latency',
    'Latency',
    htmlTable(latencyTable(report)),
    charts ? '<div class="charts three" data-charts="histograms"></div>' : '',
    charts ? '<div class="charts two" data-charts="curves"></div>' : '',
  )
}

export function loadSection(report: Report): string {
  return section('load', 'Load', htmlTable(loadTable(report)), pairs(resultRows(report)))
}

export function sweepSection(report: Report, charts: boolean): string {
  return section(
    'sweep',
    'Throughput against latency',
    htmlTable(sweepTable(report)),
    charts ? '<div class="charts two" data-charts="sweep"></div>' : '',
  )
}

export function endpointSection(report: Report): string {
  return section('endpoints', 'Endpoints', htmlTable(endpointTable(report)))
}

export function qualitySection(report: Report): string {
  return section(
    'quality',
    'Quality',
    htmlTable(qualityTable(report)),
    pairs(qualityRows(report)),
    htmlTable(divergenceTable(report)),
    pairs(divergenceRows(report)),
  )
}

export function groupsSection(detail: Detail | undefined): string {
  if (detail === undefined) return ''
  const kinds = [...new Set(detail.groups.map((group) => group.by))]
  const shown = kinds.filter((by) => detail.groups.filter((group) => group.by === by).length > 1)
  const heading = ['completed', 'failed', 'TTFT p50', 'p95', 'TPOT p50', 'p95', 'E2E p50', 'p95']
  return section(
    'groups',
    'By application, model and step',
    ...shown.map((by) => {
      const rows = detail.groups
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

export function outcomeSection(report: Report, detail: Detail | undefined): string {
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

export function slowestSection(detail: Detail | undefined): string {
  if (detail === undefined || detail.slowestTtft.length === 0) return ''
  return section(
    'slowest',
    'Slowest requests',
    '<h3>By TTFT</h3>',
    requests(detail.slowestTtft),
    '<h3>By E2E</h3>',
    requests(detail.slowestE2e),
  )
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

export function warningSection({ warnings }: Report): string {
  return section('warnings', 'Warnings', list(warnings.map(({ message }) => message)))
}

export function ownSection(report: Report): string {
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

export function configSection(report: Report): string {
  const rows = flatten({ ...report.environment, load: report.load, run: report.run })
  return (
    `<section id="config"><details><summary><h2>Configuration</h2></summary>` +
    `${htmlTable({ heading: ['name', 'value'], align: 'll', rows })}</details></section>`
  )
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

function pairs(rows: readonly [string, string][]): string {
  if (rows.length === 0) return ''
  const lines = rows.map(([label, text]) => `<dt>${html(label)}</dt><dd>${html(text)}</dd>`)
  return `<dl>${lines.join('')}</dl>`
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((i) => `<li>${html(i)}</li>`).join('')}</ul>`
}
