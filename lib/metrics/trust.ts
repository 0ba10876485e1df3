/** Limits beyond which a figure is warned about; docs and messages state them. */
export const TRUST = {
  latenessP99Ms: 20,
  achievedShare: 0.95,
  errorShare: 0.05,
  p99Samples: 100,
  p95Samples: 20,
  ttftShareOfE2e: 0.9,
  streamingTokens: 20,
  tokensAChunk: 1.2,
} as const

/**
 * Limits of the verdict on the client, `[degraded above, limited above]`: p99 in ms, shares 0-1.
 * Lateness and timers move figures by as much as they are late. Handlers may run later with no harm
 * to latencies, which reads are stamped for at the socket; their limit is where a closed loop or a
 * conversation would be paced by the client.
 */
export const CLIENT_LIMITS = {
  latenessP99Ms: [20, 100],
  timerOvershootP99Ms: [20, 100],
  handlerDelayP99Ms: [100, 500],
  droppedShare: [0, 0.05],
  lateShare: [0.01, 0.05],
} as const
