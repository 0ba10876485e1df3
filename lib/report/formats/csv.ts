import { csvCell } from '../../tables/index.ts'
import { CATALOGUE } from '../../metrics/index.ts'
import type { MetricDef } from '../../metrics/index.ts'
import type { Figure, Interval, Report, ScopeReport, Stats } from '../../results/index.ts'

export const CSV_HEADING = [
  'scope',
  'measured',
  'figure',
  'statistic',
  'unit',
  'value',
  'low',
  'high',
] as const

/** Figures of a scope that are not metrics, with their units. */
const SCALARS = [
  ['lengthMs', 'ms'],
  ['asked', ''],
  ['started', 'requests'],
  ['finished', 'requests'],
  ['completed', 'requests'],
  ['failed', 'requests'],
  ['cancelled', 'requests'],
  ['aborted', 'requests'],
  ['dropped', 'requests'],
  ['startedPerS', 'requests/s'],
  ['completedPerS', 'requests/s'],
  ['inFlight', 'requests'],
  ['outputTokensPerS', 'tokens/s'],
  ['inputTokensPerS', 'tokens/s'],
  ['textsPerS', 'texts/s'],
  ['failedTokens', 'tokens'],
  ['tokensPerSPerUser', 'tokens/s'],
  ['good', 'requests'],
  ['goodPerS', 'requests/s'],
  ['goodShare', 'share'],
  ['errorRate', 'share'],
  ['cachedShare', 'share'],
] as const satisfies readonly (readonly [keyof ScopeReport, string])[]

/**
 * Every figure as its own line (RFC 4180, lines end in CR LF), in full precision; an empty value is
 * "no value". `low` and `high` are the ends of the figure's interval. SLO verdicts have the scope `slo`, outcomes the scope `outcomes`.
 */
export function renderCsv(report: Report): string {
  const rows: (string | boolean | Figure)[][] = [[...CSV_HEADING]]
  const blocks = (report.steady ?? []).flatMap(({ block }) =>
    block === null ? [] : [{ ...block, measured: true }],
  )
  for (const scope of [report.measured, report.total, ...report.phases, ...blocks]) {
    for (const [name, unit] of SCALARS) {
      if (!(name in scope)) continue
      const of = name === 'asked' ? report.load.unit : unit
      rows.push([
        scope.name,
        scope.measured,
        name,
        '',
        of,
        (scope as ScopeReport)[name],
        ...bounds(scope, name),
      ])
    }
    for (const [name, stats] of Object.entries(scope.metrics)) {
      for (const [statistic, value] of statistics(stats)) {
        const unit = unitOf(name, statistic)
        const ends = bounds(scope, `${name}.${statistic}`)
        rows.push([scope.name, scope.measured, name, statistic, unit, value, ...ends])
      }
    }
  }
  for (const v of report.slo) {
    rows.push(['slo', true, v.id, 'value', v.unit, v.value, ...endsOf(v.interval)])
    rows.push(['slo', true, v.id, 'limit', v.unit, v.limit])
    rows.push(['slo', true, v.id, 'verdict', '', v.verdict])
  }
  for (const { name, measured, grader, graded, passed, score, low, high } of report.quality
    ?.scores ?? []) {
    const put = (statistic: string, unit: string, value: Figure) =>
      rows.push([name, measured, `quality ${grader}`, statistic, unit, value])
    put('graded', 'requests', graded)
    put('passed', 'requests', passed)
    put('score', 'share', score)
    put('low', 'share', low)
    put('high', 'share', high)
  }
  rows.push(...divergenceLines(report))
  for (const { outcome, count, reasons } of report.outcomes) {
    rows.push(['outcomes', false, outcome, '', 'requests', count])
    for (const own of reasons) {
      rows.push(['outcomes', false, outcome, own.reason, 'requests', own.count])
    }
  }
  const line = (row: (typeof rows)[number]) => CSV_HEADING.map((_, i) => csvCell(row[i] ?? null))
  return rows.map((row) => line(row).join(',') + '\r\n').join('')
}

/** Shares of answers that differ from those before the load; the idle server's own is not measured. */
function divergenceLines({ divergence }: Report): (string | boolean | Figure)[][] {
  if (!divergence) return []
  const { idle, parts } = divergence
  const again = { ...idle, name: 'idle', measured: false, compared: idle.repeated }
  return [again, ...parts].flatMap(({ name, measured, compared, differed, share, low, high }) => [
    [name, measured, 'divergence', 'compared', 'requests', compared],
    [name, measured, 'divergence', 'differed', 'requests', differed],
    [name, measured, 'divergence', 'share', 'share', share, low, high],
  ])
}

/** Both ends of the interval of a figure. */
function bounds({ intervals = {} }: Pick<ScopeReport, 'intervals'>, key: string): [Figure, Figure] {
  return endsOf(intervals[key])
}

function endsOf(interval: Interval | null | undefined): [Figure, Figure] {
  return [interval?.low ?? null, interval?.high ?? null]
}

function statistics(stats: Stats): [string, Figure][] {
  return Object.entries(stats).flatMap(([name, value]) =>
    name === 'kind' ? [] : [[name, value as Figure] as [string, Figure]],
  )
}

function unitOf(metric: string, statistic: string): string {
  if (['count', 'passes', 'total'].includes(statistic)) {
    const def = (CATALOGUE as readonly MetricDef[]).find(({ name }) => name === metric)
    return def?.kind === 'counter' ? def.unit : 'samples'
  }
  return (CATALOGUE as readonly MetricDef[]).find(({ name }) => name === metric)?.unit ?? ''
}
