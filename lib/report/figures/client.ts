import { TRUST, trustIn } from '../../metrics/index.ts'
import type { TrustLimit } from '../../metrics/index.ts'
import { many, num, percent } from '../../tables/index.ts'
import { countOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { ClientReport, Figure, RunInfo, ScopeReport } from '../../results/index.ts'

type Status = ClientReport['status']
type Cause = NonNullable<ClientReport['cause']>
const WORSE: readonly Status[] = ['no_value', 'trustworthy', 'degraded', 'limited']

/** One sign against the client; null is "no value", and is not judged. */
interface Sign {
  limit: TrustLimit
  value: Figure
  cause: Cause
  reason: string
}

/** Whether the figures are the server's: the client's own figures, over the measured phases. */
export function clientReport(
  summary: Summary,
  run: RunInfo,
  scopes: { measured: ScopeReport; total: ScopeReport },
): ClientReport {
  const measured = { measured: 'true' }
  const late = (cause: string) => countOf(summary, 'llm_late_requests', { ...measured, cause }) ?? 0
  const p99 = (metric: string) => trendOf(summary, metric, measured).p99
  const figures = {
    latenessP99Ms: p99('llm_lateness'),
    latenessMaxMs: trendOf(summary, 'llm_lateness', measured).max,
    timerOvershootP99Ms: p99('llm_timer_overshoot'),
    handlerDelayP99Ms: p99('llm_client_delay'),
    lateNoVu: late('no_vu'),
    lateClient: late('client'),
    dropped: scopes.total.dropped,
  }
  let status: Status = 'no_value'
  let cause: Cause | null = null
  const reasons: string[] = []
  for (const sign of signsOf(figures, run, scopes)) {
    if (sign.value === null) continue
    const found = trustIn(sign.value, sign.limit)
    const worse = WORSE.indexOf(found) - WORSE.indexOf(status)
    if (worse > 0) status = found
    if (found === 'trustworthy') continue
    reasons.push(sign.reason)
    // A slow machine makes everything doubtful, too few VUs only the load.
    if (worse > 0 || (worse === 0 && sign.cause === 'machine')) cause = sign.cause
  }
  return { status, cause, reasons, ...figures }
}

function signsOf(
  client: Omit<ClientReport, 'status' | 'cause' | 'reasons'>,
  run: RunInfo,
  { measured, total }: { measured: ScopeReport; total: ScopeReport },
): Sign[] {
  const { latenessP99Ms, timerOvershootP99Ms, handlerDelayP99Ms, lateNoVu, lateClient } = client
  const { started } = measured
  const share = (late: number) => (latenessP99Ms === null || !started ? null : late / started)
  const slow = (share(lateClient) ?? 0) > TRUST.lateShare.degraded || lateNoVu === 0
  const lateBy = slow ? 'machine' : 'vus'
  const dropped = run.finishedOnly ? unsentShare(run, measured) : droppedShare(client, total)
  return [
    {
      limit: TRUST.latenessP99,
      value: latenessP99Ms,
      cause: lateBy,
      reason: `requests started late: p99 ${num(latenessP99Ms)} ms, limit ${TRUST.latenessP99.degraded} ms`,
    },
    {
      limit: TRUST.lateShare,
      value: share(lateNoVu + lateClient),
      cause: lateBy,
      reason: lateText(lateNoVu, lateClient, run),
    },
    {
      limit: TRUST.timerOvershootP99,
      value: timerOvershootP99Ms,
      cause: 'machine',
      reason: `timers fired late: p99 ${num(timerOvershootP99Ms)} ms, limit ${TRUST.timerOvershootP99.degraded} ms: the machine is too busy`,
    },
    {
      limit: TRUST.handlerDelayP99,
      value: handlerDelayP99Ms,
      cause: 'machine',
      reason: `handlers ran late: p99 ${num(handlerDelayP99Ms)} ms after their bytes, limit ${TRUST.handlerDelayP99.degraded} ms`,
    },
    {
      limit: TRUST.droppedShare,
      value: dropped,
      cause: 'vus',
      reason:
        client.dropped === null
          ? `${percent(dropped)} of the requests asked for were not sent`
          : `${percent(dropped)} of requests were never sent, as no VU was free`,
    },
  ]
}

function droppedShare({ dropped }: { dropped: Figure }, { started }: ScopeReport): Figure {
  return !dropped ? null : dropped / ((started ?? 0) + dropped)
}

/** Standard deviations of a Poisson count: as much, a drawn schedule may lack by chance, in bursts as well. */
const CHANCE = 6

/**
 * What an open loop was asked for and did not send. Records do not tell what k6 dropped, and a run that ends once it
 * is decided has nothing else.
 */
function unsentShare(
  { plan, cutOff = 0 }: RunInfo,
  { asked, started, lengthMs }: ScopeReport,
): Figure {
  if (plan.loop !== 'open' || plan.unit !== 'requests/s' || started === null || !asked) return null
  const due = (asked * lengthMs) / 1000
  const unsent = due - started - cutOff
  return unsent > CHANCE * Math.sqrt(due) ? unsent / due : null
}

/** How many requests were late, and which variable to raise; empty when none was. */
export function lateText(noVu: number, client: number, run: RunInfo): string {
  const parts = [
    noVu > 0
      ? `${many(noVu, 'request')} started late because all ${run.plan.maxVUs} VUs were busy: raise MAX_VUS or EXPECTED_E2E`
      : '',
    client > 0
      ? `${many(client, 'request')} started late although a VU waited for them: the client's machine is too busy`
      : '',
  ]
  return parts.filter((part) => part !== '').join('; ')
}

const HEAD: Record<Status, string> = {
  trustworthy: 'trustworthy',
  degraded: 'degraded',
  limited: 'the limit',
  no_value: 'not judged',
}

/** The verdict in one line, with its reasons. */
export function clientText(client: ClientReport): string {
  const texts = clientTexts(client)
  const figures = texts.pop() as string
  return texts.join('; ') + (figures === '' ? '' : ` (${figures})`)
}

/** The verdict with its first reason, the other reasons, and the figures that it rests on. */
export function clientTexts({ status, reasons, ...client }: ClientReport): string[] {
  const figures = [
    ['start lateness', client.latenessP99Ms],
    ['timers', client.timerOvershootP99Ms],
    ['handlers', client.handlerDelayP99Ms],
  ] as const
  const known = figures.filter(([, value]) => value !== null)
  const stands = known.map(([name, value]) => `${name} ${num(value)} ms`).join(', ')
  const [first, ...others] = reasons
  return [
    first === undefined ? HEAD[status] : `${HEAD[status]}: ${first}`,
    ...others,
    stands === '' ? '' : `p99: ${stands}`,
  ]
}
