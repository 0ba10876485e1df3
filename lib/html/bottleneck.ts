import type { Detail, Points } from '../runs/index.ts'
import { TRUST } from '../metrics/index.ts'
import { isOverloaded } from '../report/index.ts'
import { count, num, percent } from '../tables/index.ts'
import type { Report, RunInfo, TrendStats } from '../results/index.ts'

export interface Bottleneck {
  where: 'client' | 'network' | 'KV cache' | 'server queue' | 'GPU' | 'server' | 'none seen'
  sentence: string
  /** What supports it, and what else was seen; one sentence each. */
  evidence: string[]
}

/** Values from which a sign counts; the sentences quote what was measured. */
export const SIGNS = {
  connectingShareOfTtft: 0.25,
  kvCacheUsage: 0.95,
  waiting: 1,
  /** For a maximum without a course over time: one look at a short burst is no queue. */
  waitingMax: 5,
  gpuUtilisation: 0.95,
  ttftTailRatio: 4,
} as const

/**
 * What held this run back. The order matters, because one cause hides the next: a late client says
 * nothing about the server; a full KV cache creates the queue; a queue or a busy GPU creates latency.
 * @param detail with the server's figures where they were recorded
 * @param plan gives the measured phases; undefined where there are only results
 */
export function bottleneckOf(
  report: Report,
  detail: Detail | undefined,
  plan: RunInfo['plan'] | undefined,
): Bottleneck {
  const polled = detail !== undefined && detail.server.atS.length > 0
  const found = [
    ...clientSigns(report),
    ...networkSigns(report),
    ...(polled ? serverSigns(detail, plan) : summarySigns(report)),
    ...ownSigns(report),
  ]
  const order = ['client', 'network', 'KV cache', 'server queue', 'GPU', 'server'] as const
  const where = order.find((place) => found.some((sign) => sign.where === place)) ?? 'none seen'
  const evidence = found
    .sort((a, b) => order.indexOf(a.where) - order.indexOf(b.where))
    .map((sign) => sign.text)
  if (report.client.status === 'degraded') {
    evidence.push(...report.client.reasons.map((text) => `the client itself: ${text}`))
  }
  if (!polled && report.server === null)
    evidence.push("the server's own figures (queue, KV cache, GPU) were not recorded")
  return { where, sentence: SENTENCES[where], evidence }
}

type Sign = { where: Exclude<Bottleneck['where'], 'none seen'>; text: string }

const SENTENCES: Record<Bottleneck['where'], string> = {
  client: 'The client was the limit: what follows says more about it than about the server.',
  network: 'Connecting took a large part of the time to the first token.',
  'KV cache': "The server's KV cache was full: requests waited for, or lost, their memory.",
  'server queue': "Requests waited in the server's queue.",
  GPU: 'The GPUs were busy all the time.',
  server: 'The server did not keep up; its own figures would tell why.',
  'none seen': 'Nothing was seen to be at its limit under this load.',
}

function clientSigns({ client }: Report): Sign[] {
  if (client.status !== 'limited') return []
  return client.reasons.map((text) => ({ where: 'client', text }))
}

function networkSigns(report: Report): Sign[] {
  const connecting = report.measured.metrics['llm_connecting'] as TrendStats | undefined
  const ttft = report.measured.metrics['llm_ttft'] as TrendStats | undefined
  const tls = report.measured.metrics['llm_tls_handshake'] as TrendStats | undefined
  const ofTls = tls?.p50 ? ` (${num(tls.p50)} ms of it the TLS handshake)` : ''
  if (!connecting?.p50 || !ttft?.p50) return []
  if (connecting.p50 < SIGNS.connectingShareOfTtft * ttft.p50) return []
  return [
    {
      where: 'network',
      text: `connecting takes ${num(connecting.p50)} ms${ofTls} where TTFT, counted from a connection that is open, is ${num(ttft.p50)} ms (medians)`,
    },
  ]
}

function serverSigns(detail: Detail | undefined, plan: RunInfo['plan'] | undefined): Sign[] {
  const found: Sign[] = []
  const of = (name: string) => measuredPoints(detail, plan, name)
  const cache = of('llm_server_kv_cache_usage')
  const preempted = of('llm_server_preemptions')
  const waiting = of('llm_server_waiting')
  const gpu = of('llm_gpu_utilisation')
  if (cache.length > 0 && Math.max(...cache) >= SIGNS.kvCacheUsage) {
    const full = cache.filter((value) => value >= SIGNS.kvCacheUsage).length / cache.length
    found.push({
      where: 'KV cache',
      text: `the KV cache was at ${percent(Math.max(...cache))} at most, and over ${percent(SIGNS.kvCacheUsage)} for ${percent(full)} of the measured time`,
    })
  }
  const lost = preempted.reduce((a, b) => a + b, 0)
  if (lost > 0) {
    found.push({
      where: 'KV cache',
      text: `${count(lost)} requests lost their KV cache to others and began anew (preemptions)`,
    })
  }
  if (waiting.length > 0 && Math.max(...waiting) >= SIGNS.waiting) {
    const mean = waiting.reduce((a, b) => a + b, 0) / waiting.length
    const text = `${num(mean)} requests waited in the server's queue on average, ${count(Math.max(...waiting))} at most`
    if (mean >= SIGNS.waiting) found.push({ where: 'server queue', text })
  }
  if (gpu.length > 0) {
    const mean = gpu.reduce((a, b) => a + b, 0) / gpu.length
    if (mean >= SIGNS.gpuUtilisation) {
      found.push({ where: 'GPU', text: `the GPUs were busy ${percent(mean)} of the time` })
    }
  }
  return found
}

/** Signs from the maxima of each phase, for when there is no course over time. */
function summarySigns({ server }: Report): Sign[] {
  const found: Sign[] = []
  for (const phase of (server?.phases ?? []).filter(({ measured }) => measured)) {
    const { kvCacheUsageMax: cache, preemptions, waitingMax, gpuUtilisationMax: gpu } = phase
    const sign = (where: Sign['where'], text: string) =>
      found.push({ where, text: `${phase.phase}: ${text}` })
    if (cache !== null && cache >= SIGNS.kvCacheUsage) {
      sign('KV cache', `the KV cache was at ${percent(cache)} at most`)
    }
    if (preemptions)
      sign('KV cache', `${count(preemptions)} requests lost their KV cache to others`)
    if (waitingMax !== null && waitingMax >= SIGNS.waitingMax) {
      sign('server queue', `${count(waitingMax)} requests waited in the server's queue at most`)
    }
    if (gpu !== null && gpu >= SIGNS.gpuUtilisation) {
      sign('GPU', `the GPUs were busy ${percent(gpu)} of the time at most`)
    }
  }
  return found
}

/** Signs that need none of the server's own figures. */
function ownSigns(report: Report): Sign[] {
  const found: Sign[] = []
  const ttft = report.measured.metrics['llm_ttft'] as TrendStats | undefined
  if (ttft?.p50 && ttft.p95 && ttft.p95 > SIGNS.ttftTailRatio * ttft.p50) {
    found.push({
      where: 'server',
      text: `TTFT p95 is ${num(ttft.p95 / ttft.p50)} times its median (${num(ttft.p95)} and ${num(ttft.p50)} ms): some requests wait long before they are served`,
    })
  }
  if (report.load.loop === 'open') {
    for (const { name, measured, startedPerS, completedPerS } of report.phases) {
      if (!measured || !startedPerS || completedPerS === null) continue
      const keepsUp = completedPerS >= TRUST.achievedShare.degraded * startedPerS
      if (report.recovery !== null || keepsUp || isOverloaded(report, name)) continue
      found.push({
        where: 'server',
        text: `${name}: of ${num(startedPerS)} requests/s sent, ${num(completedPerS)} were answered`,
      })
    }
  }
  for (const { phase, camePerS, answeredPerS } of report.overload ?? []) {
    found.push({
      where: 'server',
      text: `${phase}: ${num(camePerS)} requests/s came, ${num(answeredPerS)} were answered: the queue grew all along`,
    })
  }
  if (report.measured.errorRate) {
    found.push({
      where: 'server',
      text: `${percent(report.measured.errorRate)} of requests failed`,
    })
  }
  return found
}

function measuredPoints(
  detail: Detail | undefined,
  plan: RunInfo['plan'] | undefined,
  name: string,
): number[] {
  const points: Points = detail?.server.values[name] ?? []
  const measured = (plan?.phases ?? []).filter((phase) => phase.measured)
  return points.flatMap((value, i) => {
    const ms = (detail?.server.atS[i] ?? 0) * 1000
    const inside =
      plan === undefined || measured.some(({ startMs, endMs }) => ms >= startMs && ms < endMs)
    return value !== null && inside ? [value] : []
  })
}
