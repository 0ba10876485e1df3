import { CLIENT_LIMITS } from '../../metrics/index.ts'
import { count, num, percent } from '../../tables/index.ts'
import { countOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { ClientReport, Figure, RunInfo, ScopeReport } from '../../results/index.ts'

type Verdict = ClientReport['status']
const WORSE: readonly Verdict[] = ['no_value', 'trustworthy', 'degraded', 'limited']

/** Whether the figures are the server's: what the client says of itself, over the measured phases. */
export function clientReport(
  summary: Summary,
  run: RunInfo,
  scopes: { measured: ScopeReport; total: ScopeReport },
): ClientReport {
  const measured = { measured: 'true' }
  const late = (cause: string) => countOf(summary, 'llm_late_requests', { ...measured, cause }) ?? 0
  const p99 = (metric: string) => trendOf(summary, metric, measured).p99
  const { started } = scopes.measured
  const figures = {
    latenessP99Ms: p99('llm_lateness'),
    latenessMaxMs: trendOf(summary, 'llm_lateness', measured).max,
    timerOvershootP99Ms: p99('llm_timer_overshoot'),
    handlerDelayP99Ms: p99('llm_client_delay'),
    lateNoVu: late('no_vu'),
    lateClient: late('client'),
    dropped: scopes.total.dropped,
  }
  let status: Verdict = 'no_value'
  const reasons: string[] = []
  const judge = (limits: readonly [number, number], value: Figure, reason: string) => {
    if (value === null) return
    const found = value > limits[1] ? 'limited' : value > limits[0] ? 'degraded' : 'trustworthy'
    if (found !== 'trustworthy') reasons.push(reason)
    if (WORSE.indexOf(found) > WORSE.indexOf(status)) status = found
  }
  const { latenessP99Ms, timerOvershootP99Ms, handlerDelayP99Ms, lateNoVu, lateClient } = figures
  judge(
    CLIENT_LIMITS.latenessP99Ms,
    latenessP99Ms,
    `requests started late: p99 ${num(latenessP99Ms)} ms, limit ${CLIENT_LIMITS.latenessP99Ms[0]} ms`,
  )
  judge(
    CLIENT_LIMITS.lateShare,
    latenessP99Ms === null || !started ? null : (lateNoVu + lateClient) / started,
    lateText(lateNoVu, lateClient, run),
  )
  judge(
    CLIENT_LIMITS.timerOvershootP99Ms,
    timerOvershootP99Ms,
    `timers fired late: p99 ${num(timerOvershootP99Ms)} ms, limit ${CLIENT_LIMITS.timerOvershootP99Ms[0]} ms: the machine is too busy`,
  )
  judge(
    CLIENT_LIMITS.handlerDelayP99Ms,
    handlerDelayP99Ms,
    `handlers ran late: p99 ${num(handlerDelayP99Ms)} ms after their bytes, limit ${CLIENT_LIMITS.handlerDelayP99Ms[0]} ms`,
  )
  const all = (scopes.total.started ?? 0) + (figures.dropped ?? 0)
  const dropped = !figures.dropped ? null : figures.dropped / all
  judge(
    CLIENT_LIMITS.droppedShare,
    dropped,
    `${percent(dropped)} of requests were never sent, as no VU was free`,
  )
  return { status, reasons, ...figures }
}

/** How many were late, and what to raise; empty where none was. */
export function lateText(noVu: number, client: number, run: RunInfo): string {
  const parts = [
    noVu > 0
      ? `${count(noVu)} requests started late because all ${run.plan.maxVUs} VUs were busy: raise MAX_VUS or EXPECTED_E2E`
      : '',
    client > 0
      ? `${count(client)} requests started late although a VU waited for them: the client's machine is too busy`
      : '',
  ]
  return parts.filter((part) => part !== '').join('; ')
}

const HEAD: Record<Verdict, string> = {
  trustworthy: 'trustworthy',
  degraded: 'degraded',
  limited: 'limited by the client: figures are its own, not the server’s',
  no_value: 'not judged',
}

/** The verdict in a line, with what it stands on. */
export function clientText(client: ClientReport): string {
  const figures = [
    ['start lateness', client.latenessP99Ms],
    ['timers', client.timerOvershootP99Ms],
    ['handlers', client.handlerDelayP99Ms],
  ] as const
  const known = figures.filter(([, value]) => value !== null)
  const stands = known.map(([name, value]) => `${name} ${num(value)} ms`).join(', ')
  const why = client.reasons.length > 0 ? `: ${client.reasons.join('; ')}` : ''
  return `${HEAD[client.status]}${why}${stands === '' ? '' : ` (p99: ${stands})`}`
}
