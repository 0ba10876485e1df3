import { NONE, count, duration, num, percent, signedPercent } from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import type { DriftReport, EndpointReport, Report } from '../../results/index.ts'

/** Steps of a sweep; empty for other shapes. */
export function sweepTable(report: Report): Table {
  const { sweep } = report
  const rows = (sweep?.steps ?? []).map((step) => {
    const metrics = report.phases.find(({ name }) => name === step.phase)?.metrics ?? {}
    const p = (metric: string, which: 'p50' | 'p95') => {
      const stats = metrics[metric]
      return num(stats?.kind === 'trend' ? stats[which] : null)
    }
    return [
      step.phase,
      num(step.completedPerS),
      num(step.outputTokensPerS),
      p('llm_ttft', 'p50'),
      p('llm_ttft', 'p95'),
      p('llm_tpot', 'p50'),
      p('llm_e2e', 'p50'),
      percent(step.errorRate),
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
    percent(e.errorRate),
    num(e.ttftP50Ms),
    num(e.ttftP95Ms),
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
    percent(g.errorRate),
    num(g.inputTokensMean),
    percent(g.cachedShare),
    num(g.outputTokensMean),
    num(g.ttftP50Ms),
    num(g.ttftP95Ms),
    num(g.tpotP50Ms),
    num(g.e2eP50Ms),
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
