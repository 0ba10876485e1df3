import { CATALOGUE } from '../../metrics/index.ts'
import type { MetricDef } from '../../metrics/index.ts'
import { CONFIDENCE, PERCENTILES } from '../figures/certainty.ts'
import { boundText } from '../figures/bounds.ts'
import { marksBunches, OF_EACH_TOKEN, OF_FIRST_TOKEN } from '../figures/bunches.ts'
import { clientText } from '../figures/client.ts'
import {
  NONE,
  count,
  duration,
  inWords,
  num,
  percent,
  plain,
  plusMinus,
  plusMinusPercent,
  signedPercent,
} from '../../tables/index.ts'
import { certaintyText } from './certainty-text.ts'
import { moreText, sloInterval, sloValue } from './limit-text.ts'
import { isOverloaded, overloadText, steadyText } from './steady-text.ts'
import { within } from './within.ts'
import { LIMIT_MARKS } from './marks.ts'
import { isMeasured, scopeName, withBlocks } from './scopes.ts'
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

const LATENCIES = (CATALOGUE as readonly MetricDef[]).filter(({ screen }) => screen !== undefined)

/** What ran, as a few short facts. */
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

/** The verdict on each limit. */
export function sloTable(report: Report): Table {
  const rows = report.slo.map((v) => [
    LIMIT_MARKS[v.verdict].mark,
    v.id === 'error_rate' && v.builtIn ? `${v.title} (built in)` : v.title,
    sloLimit(v),
    sloValue(v),
    sloInterval(v),
    verdictWord(v, report.measured.lengthMs),
  ])
  const tones = report.slo.map((v) => LIMIT_MARKS[v.verdict].tone)
  const interval = `${percent(report.certainty?.confidence ?? CONFIDENCE)} interval`
  const heading = ['', 'SLO', 'limit', 'value', interval, '']
  return { heading, align: 'llrrrl', rows, tones }
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

/** `kept`, or `undecided, about 6m more`. */
function verdictWord(v: SloVerdict, lengthMs: number): string {
  const { word } = LIMIT_MARKS[v.verdict]
  return v.verdict === 'undecided' && v.more ? `${word}, ${moreText(v.more, lengthMs)}` : word
}

/**
 * Percentiles in ms, by metric and phase; the catalogue says which metrics.
 * @param scopesShown `measured` leaves out what is not, as a warm-up
 */
export function latencyTable(report: Report, scopesShown: 'all' | 'measured' = 'all'): Table {
  const scopes = withBlocks(report).filter((scope) => scopesShown === 'all' || isMeasured(scope))
  const shown = LATENCIES.filter((def) => isShown(def, report))
  const rows = shown.flatMap(({ name, title }) =>
    scopes.flatMap((scope, i) => {
      const stats = scope.metrics[name] as TrendStats | undefined
      // A steady block has only what it has values of.
      if (stats === undefined) return []
      const cells = PERCENTILES.map(([stat]) =>
        plusMinus(stats[stat], within(scope, `${name}.${stat}`)),
      )
      return [
        [
          i === 0 ? title + bunchMark(name, report) : '',
          scopeName(scope),
          ...cells,
          num(stats.max),
          count(stats.count),
        ],
      ]
    }),
  )
  const heading = ['ms', '', 'p50', 'p90', 'p95', 'p99', 'max', 'samples']
  return { heading, align: 'llrrrrrr', rows }
}

/** Marks figures that rest on the times of single tokens where tokens came in bunches. */
function bunchMark(name: string, { bunches }: Report): string {
  if (!marksBunches(bunches)) return ''
  const held = bunches.firstTokenHeld > 0 && OF_FIRST_TOKEN.includes(name)
  return held || OF_EACH_TOKEN.includes(name) ? ' (bunched)' : ''
}

function isShown({ name, screen }: MetricDef, report: Report): boolean {
  const { total } = report
  const [own, ttft] = [name, 'llm_ttft'].map((metric) => total.metrics[metric] as TrendStats)
  if (embedsTexts(report) && !own?.count) return false
  if (screen === 'differs') return own?.p50 !== ttft?.p50
  // Not every record has gaps, and answers of one token have none.
  if (screen === 'sampled') return own?.count !== 0 || ttft?.count === 0
  return screen === 'always'
}

/** Conversations are asked for, and their requests are sent: other units side by side. */
function askedHeading({ loop, unit }: Report['load']): string {
  const what = unit.startsWith('conversations') ? 'conv. asked' : 'asked'
  return loop === 'open' ? `${what}/s` : what
}

/** Load asked and achieved, by phase. */
export function loadTable(report: Report): Table {
  const open = report.load.loop === 'open'
  const embeds = embedsTexts(report)
  const row = (name: string, s: Partial<ScopeReport>) => [
    name,
    num(s.asked),
    num(open ? s.startedPerS : s.inFlight),
    num(open ? s.inFlight : s.startedPerS),
    ...(embeds
      ? [num(s.textsPerS), num(s.inputTokensPerS)]
      : [
          plusMinus(s.outputTokensPerS, within(s, 'outputTokensPerS')),
          plusMinus(s.tokensPerSPerUser, within(s, 'tokensPerSPerUser')),
        ]),
    count(s.completed),
    count(s.failed),
    count(s.dropped),
  ]
  const rows = withBlocks(report).map((s) => row(scopeName(s), s))
  const heading = [
    'load',
    askedHeading(report.load),
    open ? 'sent/s' : 'in flight',
    open ? 'in flight' : 'sent/s',
    ...(embeds ? ['texts/s', 'input tokens/s'] : ['tokens/s', 'per user']),
    'completed',
    'failed',
    'dropped',
  ]
  return { heading, rows }
}

/** The results beyond latencies, as rows of a label and a text: output, goodput, requests, cache, … */
export function resultRows(report: Report): [string, string][] {
  const { measured, total, recovery } = report
  const asked = total.started
  const rows: [string, string][] = [
    embedsTexts(report) ? ['input', inputText(measured)] : ['output', outputText(measured)],
    ['goodput', goodput(measured)],
    [
      'requests',
      `${count(asked)} started, ${count(total.finished)} finished, ${count(report.inFlightAtEnd)} cut off by the end, ${count(report.droppedIterations)} dropped${cancelledText(total)}`,
    ],
  ]
  if (report.finishes.length > 0) {
    const kinds = report.finishes.map(({ finish, count: times }) => `${finish} ${count(times)}`)
    rows.push(['finish', `${kinds.join(', ')} (the server's reasons for ending an answer)`])
  }
  if (report.certainty !== undefined) rows.push(['certainty', certaintyText(report)])
  for (const bound of report.bounds) rows.push(['bound', boundText(bound)])
  if (measured.cachedShare !== null) {
    const share = plusMinusPercent(measured.cachedShare, within(measured, 'cachedShare'))
    rows.push(['prefix cache', `${share} of input tokens were cached`])
  }
  if (recovery !== null) rows.push(['recovery', recoveryText(recovery)])
  for (const one of report.overload ?? []) rows.push([one.phase, overloadText(one)])
  for (const steady of report.steady ?? []) {
    const text = steadyText(steady, report)
    if (text !== '') rows.push([steady.phase, text])
  }
  for (const phase of new Set(report.steadiness.map((s) => s.phase))) {
    if (isOverloaded(report, phase)) continue
    rows.push([phase, steadinessText(report.steadiness.filter((s) => s.phase === phase))])
  }
  rows.push(...shapeRows(report))
  rows.push(...serverRows(report.server))
  if (report.client.status !== 'no_value') rows.push(['client', clientText(report.client)])
  return rows
}

/** Outcomes of the whole run with their counts, as rows of a label and a text, and the words said with each reason. */
export function outcomeRows(report: Report): [string, string][] {
  return report.outcomes.flatMap((o): [string, string][] => {
    const reasons = o.reasons.map((r) => `${r.reason} ${count(r.count)}`).join(', ')
    const text = `${count(o.count)} (${percent(o.share)})${reasons === '' ? '' : `: ${reasons}`}`
    return [[o.outcome, text], ...saidRows(report, o.outcome)]
  })
}

/** One example of the words behind each reason of failure, where the records give one. */
export function saidRows(report: Report, outcome?: string): [string, string][] {
  return report.outcomes
    .filter((o) => outcome === undefined || o.outcome === outcome)
    .flatMap((o) => o.reasons)
    .flatMap(({ reason, example }): [string, string][] =>
      example === undefined ? [] : [['', `${reason}: “${example}”`]],
    )
}

/** Embeddings have no output tokens. */
function embedsTexts({ total }: Report): boolean {
  return total.textsPerS !== null
}

function inputText({ textsPerS, inputTokensPerS }: ScopeReport): string {
  return `${num(textsPerS)} texts/s, ${num(inputTokensPerS)} input tokens/s`
}

function outputText(scope: ScopeReport): string {
  const { outputTokensPerS, tokensPerSPerUser, failedTokens } = scope
  const failed = failedTokens
    ? `; ${count(failedTokens)} tokens of failed requests not counted`
    : ''
  const all = plusMinus(outputTokensPerS, within(scope, 'outputTokensPerS'))
  const each = plusMinus(tokensPerSPerUser, within(scope, 'tokensPerSPerUser'))
  return `${all} tokens/s in all, ${each} tokens/s per user (median)${failed}`
}

/** Users who left, and what they had received. */
function cancelledText({ cancelled, cancelledTokens }: ScopeReport): string {
  if (!cancelled) return ''
  return `, ${count(cancelled)} cancelled by their users after ${count(cancelledTokens)} tokens`
}

function goodput(scope: ScopeReport): string {
  if (scope.goodShare === null) return `${NONE} (no latency limit, or no request finished)`
  const perS = plusMinus(scope.goodPerS, within(scope, 'goodPerS'))
  const share = plusMinusPercent(scope.goodShare, within(scope, 'goodShare'))
  return `${perS} requests/s keep every limit, ${share} of all`
}

function recoveryText(r: NonNullable<Report['recovery']>): string {
  const slices = `slices of ${duration(r.resolutionMs)}, by due time`
  if (r.status === 'no_value') return `${NONE} (${r.note})`
  if (r.status === 'not_recovered')
    return `not within ${duration(r.watchedMs)} after the spike (${slices})`
  if (r.timeMs === 0) return `at once: ${r.note} (${slices})`
  return `${duration(r.timeMs)} after the spike the SLO held again (${slices})`
}

/** What moved in a phase. A test that finds nothing does not prove that nothing moved. */
function steadinessText(own: readonly SteadinessReport[]): string {
  const still = own.filter(({ status }) => status === 'steady').map(({ subject }) => subject)
  const others = own.filter(({ status }) => status !== 'steady').map(movedText)
  const none = still.length === 0 ? [] : [`no trend shown in ${inWords(still)}`]
  return [...new Set([...others, ...none])].join('; ')
}

function movedText(s: SteadinessReport): string {
  if (s.status === 'no_value') return `drift ${NONE} (${s.advice})`
  const where = s.moving > 0 ? `in its first ${s.moving} of ${s.slices} slices` : 'over the phase'
  return `${s.subject} not steady (${signedPercent(s.change)} ${where})`
}
