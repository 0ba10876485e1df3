import { clientText } from '../figures/client.ts'
import {
  NONE,
  besides,
  count,
  duration,
  num,
  percent,
  plain,
  signedPercent,
} from '../../tables/index.ts'
import { shapeRows } from './shape-tables.ts'
import { serverRows } from '../figures/server.ts'
import type { Table } from '../../tables/index.ts'
import type {
  Report,
  ScopeReport,
  SloVerdict,
  SteadinessReport,
  TrendStats,
} from '../../results/index.ts'

/** What ran, in a few words each. */
export function factsOf(report: Report): string[] {
  const { run, environment, load } = report
  return [
    environment.model === null ? '' : `model ${environment.model}`,
    environment.server === null ? '' : `server ${environment.server}`,
    `${load.loop} loop, ${load.shape}, peak ${plain(load.peak)} ${load.unit}`,
    run.durationMs === null ? '' : `ran ${duration(run.durationMs)}`,
    environment.clock === null
      ? ''
      : environment.clock === 'buffered'
        ? 'buffered answers'
        : `${environment.clock} clock`,
    run.testid === null ? '' : `testid ${run.testid}`,
  ].filter((fact) => fact !== '')
}

export function sloTable(report: Report): Table {
  const rows = report.slo.map((v) => [
    { kept: '✓', missed: '✗', no_value: '?' }[v.verdict],
    v.title,
    sloLimit(v),
    sloValue(v),
    { kept: 'kept', missed: 'missed', no_value: 'no value' }[v.verdict],
  ])
  return { heading: ['', 'SLO', 'limit', 'value', ''], rows }
}

export function sloLimit(v: SloVerdict): string {
  const sign = { 'at most': '≤', 'at least': '≥', 'more than': '>' }[v.direction]
  const value =
    v.unit === 'share'
      ? percent(v.limit)
      : v.unit === 'ms'
        ? `${plain(v.limit)} ms`
        : count(v.limit)
  return `${sign} ${value}`
}

export function sloValue(v: SloVerdict): string {
  if (v.value === null) return NONE
  if (v.unit === 'share') return percent(v.value)
  return v.unit === 'ms' ? `${besides(v.value, v.limit)} ms` : count(v.value)
}

const SHOWN = [
  ['llm_ttft', 'TTFT'],
  ['llm_ttfo', 'TTFO'],
  ['llm_tpot', 'TPOT'],
  ['llm_itl', 'ITL'],
  ['llm_e2e', 'E2E'],
] as const

/** Percentiles in ms, by metric and phase. */
export function latencyTable(report: Report): Table {
  const scopes = shownScopes(report)
  // TTFO is news only where reasoning comes before the answer.
  const [ttft, ttfo] = ['llm_ttft', 'llm_ttfo'].map((m) => report.total.metrics[m] as TrendStats)
  const shown = SHOWN.filter(([metric]) => {
    if (metric === 'llm_ttfo') return ttfo?.p50 !== ttft?.p50
    // Gaps are not in every record, and one-token answers have none.
    const itl = report.total.metrics['llm_itl'] as TrendStats
    return metric !== 'llm_itl' || itl.count !== 0 || ttft?.count === 0
  })
  const rows = shown.flatMap(([metric, title]) =>
    scopes.map((scope, i) => {
      const stats = scope.metrics[metric] as TrendStats
      const cells = [stats.p50, stats.p90, stats.p95, stats.p99, stats.max].map(num)
      return [i === 0 ? title : '', scopeName(scope), ...cells, count(stats.count)]
    }),
  )
  return { heading: ['ms', '', 'p50', 'p90', 'p95', 'p99', 'max', 'samples'], rows }
}

/** Load asked and achieved, by phase. */
export function loadTable(report: Report): Table {
  const open = report.load.loop === 'open'
  const rows = shownScopes(report).map((s) => [
    scopeName(s),
    num(s.asked),
    num(open ? s.startedPerS : s.inFlight),
    num(open ? s.inFlight : s.startedPerS),
    num(s.outputTokensPerS),
    num(s.tokensPerSPerUser),
    count(s.completed),
    count(s.failed),
    count(s.dropped),
  ])
  const heading = [
    'load',
    open ? 'asked/s' : 'asked',
    open ? 'sent/s' : 'in flight',
    open ? 'in flight' : 'sent/s',
    'tokens/s',
    'a user',
    'completed',
    'failed',
    'dropped',
  ]
  return { heading, rows }
}

export function resultRows(report: Report): [string, string][] {
  const { measured, total, recovery } = report
  const asked = total.started
  const rows: [string, string][] = [
    [
      'output',
      `${num(measured.outputTokensPerS)} tokens/s in all, ${num(measured.tokensPerSPerUser)} tokens/s a user (median)` +
        (measured.failedTokens
          ? `; ${count(measured.failedTokens)} tokens of failed requests apart`
          : ''),
    ],
    ['goodput', goodput(measured)],
    [
      'requests',
      `${count(asked)} started, ${count(total.finished)} finished, ${count(report.inFlightAtEnd)} cut off by the end, ${count(report.droppedIterations)} dropped`,
    ],
  ]
  if (measured.cachedShare !== null) {
    rows.push(['prefix cache', `${percent(measured.cachedShare)} of input tokens were cached`])
  }
  if (recovery !== null) rows.push(['recovery', recoveryText(recovery)])
  for (const phase of new Set(report.steadiness.map((s) => s.phase))) {
    const own = report.steadiness.filter((s) => s.phase === phase)
    rows.push([phase, [...new Set(own.map(steadinessText))].join('; ')])
  }
  rows.push(...shapeRows(report))
  rows.push(...serverRows(report.server))
  if (report.client.status !== 'no_value') rows.push(['client', clientText(report.client)])
  return rows
}

export function outcomeRows(report: Report): [string, string][] {
  return report.outcomes.map((o): [string, string] => {
    const reasons = o.reasons.map((r) => `${r.reason} ${count(r.count)}`).join(', ')
    return [
      o.outcome,
      `${count(o.count)} (${percent(o.share)})${reasons === '' ? '' : `: ${reasons}`}`,
    ]
  })
}

function goodput(scope: ScopeReport): string {
  if (scope.goodShare === null) return `${NONE} (no latency limit, or no request finished)`
  return `${num(scope.goodPerS)} requests/s keep every limit, ${percent(scope.goodShare)} of all`
}

function recoveryText(r: NonNullable<Report['recovery']>): string {
  const slices = `slices of ${duration(r.resolutionMs)}, by due time`
  if (r.status === 'no_value') return `${NONE} (${r.note})`
  if (r.status === 'not_recovered')
    return `not within ${duration(r.watchedMs)} after the spike (${slices})`
  if (r.timeMs === 0) return `at once: ${r.note} (${slices})`
  return `${duration(r.timeMs)} after the spike the SLO held again (${slices})`
}

function steadinessText(s: SteadinessReport): string {
  if (s.status === 'no_value') return `drift ${NONE} (${s.advice})`
  if (s.status === 'steady') return `${s.subject} steady (${signedPercent(s.change)})`
  const where = s.moving > 0 ? `its first ${s.moving} of ${s.slices} slices` : 'over the phase'
  return `${s.subject} not steady (${signedPercent(s.change)} ${where})`
}

/** All measured phases together only where there are several. */
function shownScopes(report: Report): ScopeReport[] {
  const several = report.phases.filter((phase) => phase.measured).length !== 1
  return several ? [report.measured, ...report.phases] : [...report.phases]
}

function scopeName(scope: ScopeReport): string {
  return scope.measured || scope.name === 'measured' ? scope.name : `${scope.name} (not measured)`
}
