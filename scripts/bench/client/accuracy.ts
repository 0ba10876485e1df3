import { percentile } from '../../../lib/statistics/index.ts'
import type { ServerRecord } from './server.ts'

/** What the client says of one completed request; all times in ms. */
export interface ClientRecord {
  /** `x-request-id` of the answer. */
  requestId: string
  ttftMs: number
  tpotMs: number | undefined
  /** Gaps between content chunks, where the client tells them. */
  gapsMs: readonly number[] | undefined
}

/** Client against server, request by request (the same `x-request-id`). */
export interface Accuracy {
  /** Requests that both sides have. */
  matched: number
  /** Medians of TTFT by the client and by the server (request read to first token written), ms. */
  ttftMs: number
  serverTtftMs: number
  /** 99th percentiles of the same, ms. */
  ttftP99Ms: number
  serverTtftP99Ms: number
  /** Client's TTFT - server's, by request: median and 95th percentile of its size, ms. */
  ttftErrorMs: number
  ttftErrorP95Ms: number
  /** Median of client's TPOT / server's - 1, in percent. */
  tpotErrorPercent: number | undefined
  /** Size of client's gap - server's gap, over all gaps: median and 99th percentile, ms. */
  itlErrorMs: number | undefined
  itlErrorP99Ms: number | undefined
}

/** @returns undefined when not one request is known to both sides */
export function compareRecords(
  client: readonly ClientRecord[],
  server: readonly ServerRecord[],
): Accuracy | undefined {
  const byId = new Map(server.map((record) => [record.id, record]))
  const ttfts: number[] = []
  const serverTtfts: number[] = []
  const ttftErrors: number[] = []
  const tpotRatios: number[] = []
  const gapErrors: number[] = []
  for (const { requestId, ttftMs, tpotMs, gapsMs } of client) {
    const truth = byId.get(requestId)
    if (truth === undefined) continue
    const written = truth.tokenWrittenMs
    const serverTtft = truth.firstTokenMs - truth.receivedMs
    ttfts.push(ttftMs)
    serverTtfts.push(serverTtft)
    ttftErrors.push(ttftMs - serverTtft)
    const serverTpot = (truth.lastTokenMs - truth.firstTokenMs) / (written.length - 1)
    if (tpotMs !== undefined && serverTpot > 0) tpotRatios.push(tpotMs / serverTpot)
    if (gapsMs?.length === written.length - 1) {
      gapsMs.forEach((gap, i) => gapErrors.push(Math.abs(gap - (written[i + 1]! - written[i]!))))
    }
  }
  if (ttfts.length === 0) return undefined
  const sizes = ttftErrors.map(Math.abs)
  const ratio = percentile(tpotRatios, 0.5)
  return {
    matched: ttfts.length,
    ttftMs: percentile(ttfts, 0.5)!,
    serverTtftMs: percentile(serverTtfts, 0.5)!,
    ttftP99Ms: percentile(ttfts, 0.99)!,
    serverTtftP99Ms: percentile(serverTtfts, 0.99)!,
    ttftErrorMs: percentile(ttftErrors, 0.5)!,
    ttftErrorP95Ms: percentile(sizes, 0.95)!,
    tpotErrorPercent: ratio === undefined ? undefined : (ratio - 1) * 100,
    itlErrorMs: percentile(gapErrors, 0.5),
    itlErrorP99Ms: percentile(gapErrors, 0.99),
  }
}
