import { LATE_MS } from './client.ts'

/** From where on a figure is not what it looks like. */
export interface TrustLimit {
  /** The figure that is judged, as tables and documentation name it. */
  readonly figure: string
  /** On which side of the limit values are bad; at the limit a value is fine. */
  readonly bad: 'above' | 'below'
  /** Beyond it the report warns, or the client counts as degraded. */
  readonly degraded: number
  /** Beyond it the client was the limit and the run is not judged; undefined: never as bad as that. */
  readonly limited: number | undefined
  readonly unit: 'ms' | 'share' | 'tokens per chunk'
  readonly why: string
}

/**
 * Every limit of trust, one row each: warnings, the verdict on the client, comparison, capacity and
 * the documentation read this table.
 */
export const TRUST = {
  latenessP99: {
    figure: 'start lateness, p99',
    bad: 'above',
    degraded: LATE_MS,
    limited: 100,
    unit: 'ms',
    why: 'requests that start late meet another load than the one asked for',
  },
  lateShare: {
    figure: 'requests that started late',
    bad: 'above',
    degraded: 0.01,
    limited: 0.05,
    unit: 'share',
    why: 'the same, however late they are',
  },
  timerOvershootP99: {
    figure: 'timer overshoot, p99',
    bad: 'above',
    degraded: 20,
    limited: 100,
    unit: 'ms',
    why: 'a machine on which timers fire late reads answers late, too',
  },
  handlerDelayP99: {
    figure: 'handler delay, p99',
    bad: 'above',
    degraded: 100,
    limited: 500,
    unit: 'ms',
    why: 'reads are stamped at the socket, so latencies stay right; a closed loop or a conversation is paced by the client, though',
  },
  droppedShare: {
    figure: 'requests never sent, as no VU was free',
    bad: 'above',
    degraded: 0,
    limited: 0.05,
    unit: 'share',
    why: 'the load was lower than asked',
  },
  achievedShare: {
    figure: 'load reached / load asked, by phase',
    bad: 'below',
    degraded: 0.95,
    limited: undefined,
    unit: 'share',
    why: 'the figures are those of a lower load',
  },
  errorShare: {
    figure: 'error rate',
    bad: 'above',
    degraded: 0.05,
    limited: undefined,
    unit: 'share',
    why: 'latencies are those of the survivors, which a failing server can make look good',
  },
  ttftShareOfE2e: {
    figure: 'TTFT / E2E (medians), answers of 20 tokens and more',
    bad: 'above',
    degraded: 0.9,
    limited: undefined,
    unit: 'share',
    why: 'something on the way may hold the answer back, and TTFT is no first token',
  },
  tokensPerChunk: {
    figure: 'mean ITL / mean TPOT',
    bad: 'above',
    degraded: 1.2,
    limited: undefined,
    unit: 'tokens per chunk',
    why: 'chunks hold several tokens, so ITL is the time between chunks',
  },
  bunchedShare: {
    figure: 'answers whose chunks came in bunches',
    bad: 'above',
    degraded: 0.01,
    limited: undefined,
    unit: 'share',
    why: 'something holds tokens back, and times of single tokens are those of their bunches',
  },
  inputAsWanted: {
    figure: 'prompts within 2 % or 2 tokens of the wanted length',
    bad: 'below',
    degraded: 0.95,
    limited: undefined,
    unit: 'share',
    why: 'prompts are of other lengths than asked for',
  },
  outputAsWanted: {
    figure: 'answers within 2 % or 2 tokens of the wanted length',
    bad: 'below',
    degraded: 0.9,
    limited: undefined,
    unit: 'share',
    why: 'answers ended by themselves, or the server holds no length',
  },
} as const satisfies Record<string, TrustLimit>

/** Shortest answers, in tokens, of which TTFT / E2E says whether they were streamed. */
export const STREAMING_TOKENS = 20

/**
 * Shortest measured load that is called certified, ms. What comes and goes over minutes (caches that fill, clocks
 * and thermal limits of GPUs, batch jobs of neighbours) is in its figures, and a p99 of a request per second has
 * its interval.
 */
export const CERTIFIED_MS = 30 * 60_000

export type Trust = 'trustworthy' | 'degraded' | 'limited'

/** Where a value stands by a limit of trust. */
export function trustIn(value: number, limit: TrustLimit): Trust {
  const beyond = (bound: number | undefined) =>
    bound !== undefined && (limit.bad === 'above' ? value > bound : value < bound)
  if (beyond(limit.limited)) return 'limited'
  return beyond(limit.degraded) ? 'degraded' : 'trustworthy'
}
