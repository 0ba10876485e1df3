import { NONE, besides, count, duration, num, percent, plain, signedPercent } from './format.ts'
import { pen, table, wrap } from './layout.ts'
import type { Column, Pen, Style } from './layout.ts'
import { ownLines } from './text-own.ts'
import type { Report, ScopeReport, SloVerdict, SteadinessReport, TrendStats } from './types.ts'

export interface TextOptions {
  /** Columns of the terminal; 80 to 120 are used. */
  width: number
  color: boolean
}

const LEFT: Column = { align: 'left' }
const RIGHT: Column = { align: 'right' }
const NAME: Column = { align: 'left', shrink: true }
const STATUS: Record<Report['verdict']['status'], [Style, string]> = {
  passed: ['good', '✓'],
  failed: ['bad', '✗'],
  unclear: ['warn', '?'],
  no_load: ['bad', '✗'],
}

/** The report for a terminal: the verdict first, then what it stands on. Ends with a line end. */
export function renderText(report: Report, options: TextOptions): string {
  const p = pen(options.width, options.color)
  const sections = [head(report, p)]
  if (report.verdict.status !== 'no_load') {
    sections.push(
      sloLines(report, p),
      latencyLines(report, p),
      loadLines(report, p),
      resultLines(report, p),
      outcomeLines(report, p),
    )
  }
  sections.push(warningLines(report, p), ...ownLines(report.own, p))
  return (
    '\n' +
    sections
      .filter((s) => s.length > 0)
      .map((s) => s.join('\n') + '\n')
      .join('\n') +
    '\n'
  )
}

function head(report: Report, p: Pen): string[] {
  const { verdict, run, environment, load } = report
  const [style, mark] = STATUS[verdict.status]
  const lines = wrap(`${mark} ${verdict.headline} · ${run.scenario}`, p.width - 2)
  const painted = lines.map((line) => '  ' + p.paint(style, p.paint('bold', line)))
  for (const reason of verdict.reasons) {
    const [first = '', ...rest] = wrap(reason, p.width - 6)
    painted.push(
      `    ${p.paint(style, first)}`,
      ...rest.map((line) => `    ${p.paint(style, line)}`),
    )
  }
  const facts = [
    environment.model === null ? '' : `model ${environment.model}`,
    environment.server === null ? '' : `server ${environment.server}`,
    `${load.loop} loop, ${load.shape}, peak ${plain(load.peak)} ${load.unit}`,
    run.durationMs === null ? '' : `ran ${duration(run.durationMs)}`,
    environment.clock === null ? '' : `${environment.clock} clock`,
    run.testid === null ? '' : `testid ${run.testid}`,
  ].filter((fact) => fact !== '')
  const dim = wrap(facts.join(' · '), p.width - 4).map((line) => '    ' + p.paint('dim', line))
  return [...painted, ...dim]
}

function sloLines(report: Report, p: Pen): string[] {
  const rows = report.slo.map((v) => [
    { kept: '✓', missed: '✗', no_value: '?' }[v.verdict],
    v.title,
    sloLimit(v),
    sloValue(v),
    { kept: 'kept', missed: 'missed', no_value: 'no value' }[v.verdict],
  ])
  const lines = table(
    [['', 'SLO', 'limit', 'value', ''], ...rows],
    [LEFT, NAME, RIGHT, RIGHT, LEFT],
    p.width,
  )
  const styles = { kept: 'good', missed: 'bad', no_value: 'warn' } as const
  return lines.map((line, i) => {
    const verdict = report.slo[i - 1]?.verdict
    return verdict === undefined ? p.paint('bold', line) : p.paint(styles[verdict], line)
  })
}

function sloLimit(v: SloVerdict): string {
  const sign = { 'at most': '≤', 'at least': '≥', 'more than': '>' }[v.direction]
  const value =
    v.unit === 'share'
      ? percent(v.limit)
      : v.unit === 'ms'
        ? `${plain(v.limit)} ms`
        : count(v.limit)
  return `${sign} ${value}`
}

function sloValue(v: SloVerdict): string {
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

function latencyLines(report: Report, p: Pen): string[] {
  const scopes = shownScopes(report)
  // TTFO is news only where reasoning comes before the answer.
  const [ttft, ttfo] = ['llm_ttft', 'llm_ttfo'].map((m) => report.total.metrics[m] as TrendStats)
  const shown = SHOWN.filter(([metric]) => metric !== 'llm_ttfo' || ttfo?.p50 !== ttft?.p50)
  const rows = shown.flatMap(([metric, title]) =>
    scopes.map((scope, i) => {
      const stats = scope.metrics[metric] as TrendStats
      const cells = [stats.p50, stats.p90, stats.p95, stats.p99, stats.max].map(num)
      return [i === 0 ? title : '', scopeName(scope), ...cells, count(stats.count)]
    }),
  )
  const heading = ['ms', '', 'p50', 'p90', 'p95', 'p99', 'max', 'samples']
  return paintHead(
    table([heading, ...rows], [LEFT, NAME, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT], p.width),
    p,
  )
}

function loadLines(report: Report, p: Pen): string[] {
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
  return paintHead(
    table([heading, ...rows], [NAME, ...heading.slice(1).map(() => RIGHT)], p.width),
    p,
  )
}

function resultLines(report: Report, p: Pen): string[] {
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
  return labelled(rows, p)
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

function outcomeLines(report: Report, p: Pen): string[] {
  if (report.outcomes.length === 0) return []
  const rows = report.outcomes.map((o): [string, string] => {
    const reasons = o.reasons.map((r) => `${r.reason} ${count(r.count)}`).join(', ')
    return [
      o.outcome,
      `${count(o.count)} (${percent(o.share)})${reasons === '' ? '' : `: ${reasons}`}`,
    ]
  })
  return [p.paint('bold', '  outcomes of the whole run'), ...labelled(rows, p)]
}

function warningLines(report: Report, p: Pen): string[] {
  if (report.warnings.length === 0) return []
  const lines = report.warnings.flatMap(({ message }) =>
    wrap(message, p.width - 6).map(
      (line, i) => `  ${p.paint('warn', i === 0 ? '!' : ' ')} ${line}`,
    ),
  )
  return [p.paint('bold', '  warnings'), ...lines]
}

function labelled(rows: readonly [string, string][], p: Pen): string[] {
  const indent = Math.min(24, Math.max(...rows.map(([label]) => label.length)))
  return rows.flatMap(([label, text]) =>
    wrap(text, p.width - indent - 6).map((line, i) => {
      const shown = i === 0 ? label.slice(0, indent).padEnd(indent) : ' '.repeat(indent)
      return `  ${p.paint('dim', shown)}  ${line}`
    }),
  )
}

/** All measured phases together only where there are several. */
function shownScopes(report: Report): ScopeReport[] {
  const several = report.phases.filter((phase) => phase.measured).length !== 1
  return several ? [report.measured, ...report.phases] : [...report.phases]
}

function scopeName(scope: ScopeReport): string {
  return scope.measured || scope.name === 'measured' ? scope.name : `${scope.name} (not measured)`
}

function paintHead(lines: string[], p: Pen): string[] {
  return lines.map((line, i) => (i === 0 ? p.paint('bold', line) : line))
}
