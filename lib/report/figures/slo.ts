import { limitsSet, metricDef, parseSelector, sloThresholds } from '../../metrics/index.ts'
import type { LatencyLimit, SloThreshold } from '../../metrics/index.ts'
import { count, many } from '../../tables/index.ts'
import { statsOf, trendFigure } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { CONFIDENCE } from './certainty.ts'
import { excessOver, idleAgain } from './divergence.ts'
import { certainMean, certainPercentile, certainShare } from './missing.ts'
import type { Certain, Missing } from './missing.ts'
import { isSampled, TITLES_OF_SAMPLED } from './sampled.ts'
import { OF_EACH_TOKEN, OF_FIRST_TOKEN } from './bunches.ts'
import type { BunchReport, ClientReport, RunInfo, SloVerdict, Stats } from '../../results/index.ts'

/** What a limit's verdict depends on besides the figure. */
export interface Circumstances {
  missing: Missing
  bunches: BunchReport | null
  client: Pick<ClientReport, 'status' | 'cause'>
  /** Completed requests of the measured phases. */
  completed: number
  /** False where it is not known what some pods sent, or where pods did not send together. */
  wholeLoad: boolean
}

/**
 * The verdict on each limit over the measured phases, by its value alone; `certainVerdicts` says of which
 * the samples prove it. k6 passes a limit without a sample; here that is
 * `no_value`. Where the summary has k6's own verdict it counts, because the exit code follows it.
 * `unclear` is what neither proves:
 * - requests in flight at the end: a limit that they could break is not kept. One that was missed
 *   without them stays missed, as k6's exit code says, too.
 * - a run that ended early: the requests still to come could also have mended a limit. It is missed
 *   only where even good requests would not have helped.
 * - pods about which nothing is known, or that began apart, could have broken a limit that the others kept.
 * - answers whose tokens came in bunches: figures of single tokens do not keep a limit that these answers
 *   could break. What was missed stays missed: that is what arrived.
 * - a client whose machine was too slow proves nothing about the server. Too few VUs sent less load
 *   than asked: no limit was kept under the asked load, but a missed one would be missed under it, too.
 */
export function sloVerdicts(
  summary: Summary,
  run: RunInfo,
  circumstances: Circumstances,
): SloVerdict[] {
  return sloThresholds(run.slo).map((threshold) => {
    const { metric, tags } = parseSelector(threshold.selector)
    const stats = statsOf(summary, metricDef(metric)?.kind ?? 'counter', metric, tags)
    const { value, samples } = valueOf(stats, threshold)
    const byK6 = summary.metrics.get(threshold.selector)?.thresholds?.[threshold.expression]
    const kept = value !== null && (byK6 ?? keeps(value, threshold))
    const hidden = hiddenBy(circumstances, threshold, run)
    const note =
      value === null
        ? ''
        : doubt(stats, threshold, kept, hidden, circumstances) ||
          chanceOfIdle(stats, threshold, run)
    const known = kept ? 'kept' : 'missed'
    const verdict = value === null ? 'no_value' : note === '' ? known : 'unclear'
    const { id, selector, expression, limit, direction } = threshold
    return {
      id,
      title: titleOf(threshold),
      selector,
      expression,
      limit,
      unit: unitOf(threshold),
      direction,
      value,
      samples,
      verdict,
      builtIn: isBuiltIn(threshold, run),
      note,
      thresholdKept: byK6 ?? null,
    }
  })
}

export function keeps(
  value: number,
  { direction, limit }: Pick<SloThreshold, 'direction' | 'limit'>,
) {
  if (direction === 'at most') return value <= limit
  return direction === 'at least' ? value >= limit : value > limit
}

/** Why a limit's verdict would not be certain; empty where it is. */
function doubt(
  stats: Stats,
  threshold: SloThreshold,
  kept: boolean,
  hidden: number,
  { missing, client, completed, wholeLoad }: Circumstances,
): string {
  const { inFlight, unsent } = missing
  const sure = (inFlightToo: number, hiddenToo: number) =>
    certain(stats, threshold, { missing: inFlightToo, hidden: hiddenToo, completed }).kept
  // One completed request is enough, whatever the others would have done.
  if (threshold.id === 'completed') {
    return kept || unsent === 0 ? '' : 'the run ended before a measured request did'
  }
  if (unsent > 0) {
    const among = { missing: inFlight + unsent, hidden: 0, completed }
    const { kept: surely, missed } = certain(stats, threshold, among)
    if (!(kept ? surely : missed)) {
      return `about ${many(unsent, 'request')} still to come could turn it`
    }
  } else if (kept && inFlight > 0 && !sure(inFlight, 0)) {
    return `${count(inFlight)} still in flight at the end could have missed it`
  }
  if (kept && hidden > 0 && !sure(inFlight, hidden)) {
    return `${many(hidden, 'answer')} ${BUNCHED}`
  }
  if (kept && !wholeLoad) return 'the pods do not show the whole load'
  if (client.status !== 'limited') return ''
  if (client.cause === 'machine') return 'the client was the limit'
  return kept ? 'the load was lower than asked, as VUs were missing' : ''
}

/** Why a limit on answers that differ is not proved to be missed: the idle server, too, differs from itself. */
function chanceOfIdle(
  stats: Stats,
  { id, limit }: SloThreshold,
  { idle, confidence = CONFIDENCE }: RunInfo,
): string {
  if (id !== 'divergence' || stats.kind !== 'rate' || !idle || idle.differed === 0) return ''
  const counts = { compared: stats.total ?? 0, differed: stats.passes ?? 0 }
  if (counts.differed <= limit * counts.compared) return ''
  const { low = -1 } = excessOver(idleAgain(idle), counts, confidence)
  return low > limit ? '' : `${count(idle.differed)} of ${count(idle.repeated)} differ without load`
}

const BUNCHED = 'came in bunches, which hide the times of single tokens'

/** Whether a limit is unclear because tokens came in bunches. */
export function isBunched({ verdict, note }: SloVerdict): boolean {
  return verdict === 'unclear' && note.endsWith(BUNCHED)
}

/**
 * Number of answers whose bunches hide what a limit is on. A first token that was held makes TTFT longer, so
 * a few of them do not make a kept limit doubtful. Where most were held, TTFT is that of a buffer.
 */
function hiddenBy(
  { bunches, completed }: Circumstances,
  { id, metric }: SloThreshold,
  run: RunInfo,
): number {
  if (bunches === null) return 0
  const ofLimits = limitsSet(run.slo).map((limit): string => limit.metric)
  const metrics = id === 'goodput' ? ofLimits : [metric]
  if (metrics.some((name) => OF_EACH_TOKEN.includes(name))) return bunches.answers
  const mostHeld = bunches.firstTokenHeld > completed / 2
  const ofFirst = metrics.some((name) => OF_FIRST_TOKEN.includes(name))
  return mostHeld && ofFirst ? bunches.firstTokenHeld : 0
}

/** Percentiles that can have a limit, 0-1; the mean is not one. */
const PERCENTILE: Readonly<Record<LatencyLimit['stat'], number | undefined>> = {
  'p(50)': 0.5,
  'p(90)': 0.9,
  'p(95)': 0.95,
  'p(99)': 0.99,
  avg: undefined,
}

function certain(
  stats: Stats,
  threshold: SloThreshold,
  { missing, hidden, completed }: { missing: number; hidden: number; completed: number },
): Certain {
  if (stats.kind === 'rate') {
    const [hits, total] = [stats.passes ?? 0, stats.total ?? 0]
    // Of requests still to come, as few would have been graded.
    const part = isSampled(threshold.id) ? total / Math.max(1, completed) : 1
    const unseen = { missing: Math.ceil(missing * part), hidden: Math.ceil(hidden * part) }
    return certainShare({ hits, total, ...unseen }, (share) => keeps(share, threshold))
  }
  if (stats.kind !== 'trend') return { kept: false, missed: false }
  const total = stats.count ?? completed
  // ITL has many samples per request.
  const each = completed > 0 ? Math.max(1, total / completed) : 1
  const among = { total, missing: Math.ceil(missing * each), hidden: Math.ceil(hidden * each) }
  const p = PERCENTILE[threshold.stat as LatencyLimit['stat']]
  return p === undefined
    ? certainMean(stats, threshold.limit, among)
    : certainPercentile(stats, p, threshold.limit, among)
}

function valueOf(stats: Stats, { stat }: SloThreshold): Pick<SloVerdict, 'value' | 'samples'> {
  if (stats.kind === 'trend') {
    return { value: trendFigure(stats, stat as LatencyLimit['stat']), samples: stats.count }
  }
  if (stats.kind === 'rate') return { value: stats.rate, samples: stats.total }
  return { value: stats.kind === 'counter' ? stats.count : stats.value, samples: null }
}

function isBuiltIn({ id }: SloThreshold, { slo }: RunInfo): boolean {
  return id === 'completed' || (id === 'error_rate' && slo.errorRateBuiltIn === true)
}

function titleOf({ id, metric, stat }: SloThreshold): string {
  if (isSampled(id)) return TITLES_OF_SAMPLED[id]
  if (id === 'error_rate') return 'error rate'
  if (id === 'goodput') return 'goodput'
  if (id === 'completed') return 'completed requests'
  return `${metricDef(metric)?.title ?? metric} ${stat === 'avg' ? 'mean' : stat.replace(/[()]/g, '')}`
}

function unitOf({ metric, stat }: SloThreshold): SloVerdict['unit'] {
  if (stat === 'rate') return 'share'
  return metric === 'llm_requests' ? 'requests' : 'ms'
}
