import {
  NONE,
  count,
  duration,
  num,
  percent,
  plusMinus,
  plusMinusPercent,
  signedPercent,
} from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import { within } from './within.ts'
import type { DriftReport, EndpointReport, Report, ScopeReport } from '../../results/index.ts'

const NO_SCOPE: Pick<ScopeReport, 'metrics' | 'intervals'> = { metrics: {} }

/** Steps of a sweep; empty for other shapes. */
export function sweepTable(report: Report): Table {
  const { sweep } = report
  const rows = (sweep?.steps ?? []).map((step) => {
    const scope = report.phases.find(({ name }) => name === step.phase) ?? NO_SCOPE
    const p = (metric: string, which: 'p50' | 'p95') => {
      const stats = scope.metrics[metric]
      const value = stats?.kind === 'trend' ? stats[which] : null
      return plusMinus(value, within(scope, `${metric}.${which}`))
    }
    return [
      step.phase,
      plusMinus(step.completedPerS, within(scope, 'completedPerS')),
      plusMinus(step.outputTokensPerS, within(scope, 'outputTokensPerS')),
      p('llm_ttft', 'p50'),
      p('llm_ttft', 'p95'),
      p('llm_tpot', 'p50'),
      p('llm_e2e', 'p50'),
      plusMinusPercent(step.errorRate, within(scope, 'errorRate')),
      step.keepsSlo === null ? NONE : step.keepsSlo ? 'kept' : 'missed',
      step.level === sweep?.knee ? '← knee' : '',
    ]
  })
  // prettier-ignore
  const heading = ['step', 'done/s', 'tokens/s', 'TTFT p50', 'p95', 'TPOT p50', 'E2E p50', 'errors', 'SLO', '']
  return { heading, rows }
}

/** Endpoints, where there are several. */
export function endpointTable(report: Report): Table {
  const rows = report.endpoints.map((e) => [
    e.endpoint,
    count(e.started),
    percent(e.share),
    percent(e.wantedShare),
    plusMinusPercent(e.errorRate, within(e, 'errorRate')),
    plusMinus(e.ttftP50Ms, within(e, 'llm_ttft.p50')),
    plusMinus(e.ttftP95Ms, within(e, 'llm_ttft.p95')),
    outageText(e),
  ])
  // prettier-ignore
  const heading = ['endpoint', 'requests', 'share', 'wanted', 'errors', 'TTFT p50', 'p95', 'outage']
  return { heading, rows }
}

function outageText(e: EndpointReport): string {
  if (e.outageMs === null || e.outageFromMs === null) return 'none'
  const from = `from ${duration(e.outageFromMs)}`
  return e.recovered ? `${duration(e.outageMs)} ${from}` : `${from}, not over`
}

/** Applications of a mix, or turns of conversations. */
export function groupTable(report: Report): Table {
  const rows = report.groups.map((g) => [
    g.by === 'turn' ? `turn ${g.name}` : g.name,
    count(g.started),
    plusMinusPercent(g.errorRate, within(g, 'errorRate')),
    num(g.inputTokensMean),
    percent(g.cachedShare),
    num(g.outputTokensMean),
    plusMinus(g.ttftP50Ms, within(g, 'llm_ttft.p50')),
    plusMinus(g.ttftP95Ms, within(g, 'llm_ttft.p95')),
    plusMinus(g.tpotP50Ms, within(g, 'llm_tpot.p50')),
    plusMinus(g.e2eP50Ms, within(g, 'llm_e2e.p50')),
  ])
  // prettier-ignore
  const heading = ['by', 'requests', 'errors', 'tokens in', 'cached', 'out', 'TTFT p50', 'p95', 'TPOT p50', 'E2E p50']
  return { heading, rows }
}

/** Lines that only some load shapes have. */
export function shapeRows(report: Report): [string, string][] {
  const { sweep, drift } = report
  const rows: [string, string][] = []
  if (sweep !== null) {
    const best = sweep.bestWithinSlo
    const kept = best === null ? 'no step kept the SLO' : `the SLO is kept up to ${best}`
    const knee =
      sweep.knee === null
        ? `no knee found (${sweep.note})`
        : `knee at ${sweep.knee} (greatest power)`
    rows.push(['sweep', `${knee}; ${kept}`])
  }
  if (drift !== null) rows.push(['drift', driftText(drift)])
  return rows
}

function driftText(drift: DriftReport): string {
  const change = ({ first, last }: DriftReport['ttftP50Ms']) =>
    first === null || last === null || first === 0
      ? ''
      : ` (${signedPercent((last - first) / first)})`
  const ms = (title: string, pair: DriftReport['ttftP50Ms']) =>
    `${title} ${num(pair.first)} → ${num(pair.last)} ms${change(pair)}`
  const errors = `errors ${percent(drift.errorRate.first)} → ${percent(drift.errorRate.last)}`
  return `first third → last: ${[
    ms('TTFT p50', drift.ttftP50Ms),
    ms('p95', drift.ttftP95Ms),
    ms('TPOT p50', drift.tpotP50Ms),
    errors,
  ].join(', ')}`
}
