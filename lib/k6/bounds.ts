import type { Options } from 'k6/options'
import { boundExpression, boundsSet, segmentShare } from '../metrics/index.ts'
import type { Bound, Bounds } from '../metrics/index.ts'
import { playedSegment } from './played.ts'
import { stop } from './say.ts'
import { addUp } from './transport.ts'

/** Keeps a run within what it may spend. */
export interface Budget {
  /** Whether a request may be sent; each that may is to be `settle`d. */
  take(): boolean
  /** Whether the load has ended because a bound was reached. */
  over(): boolean
  /** Counts a finished request. The last one in flight after a bound was reached ends the run. */
  settle(outputTokens: number, spend: number): void
}

const IN_FLIGHT = 'requests in flight'
const STARTED = 'llm_requests_started'

const UNBOUNDED: Budget = { take: () => true, over: () => false, settle() {} }

/**
 * All VUs of a process share the sums of the project's own socket module, so the load ends at the bound
 * and what is in flight still ends. Each of several pods keeps its share. On stock k6 VUs share nothing:
 * there k6 ends the run by `boundOptions`.
 */
export function createBudget(bounds: Bounds): Budget {
  const set = boundsSet(bounds)
  if (set.length === 0 || addUp === undefined) return UNBOUNDED
  const sum = addUp
  let limits: readonly Bound[] | undefined
  const own = () => (limits ??= shares(set))
  const reached = () => own().find(({ metric, limit }) => sum(metric, 0) >= limit)
  /** Counts a request, unless others have sent the last one since its VU looked. */
  function starts(): Bound | undefined {
    const started = sum(STARTED, 1)
    const passed = own().find(({ metric, limit }) => metric === STARTED && started > limit)
    if (passed !== undefined) sum(STARTED, -1)
    return passed
  }

  /** @returns false, for the caller to pass on */
  function endIfLast(bound: Bound): boolean {
    if (sum(IN_FLIGHT, 0) <= 0) {
      stop(
        `the load ended at ${bound.variable}, and no request is in flight any more: a normal end`,
      )
    }
    return false
  }

  return {
    over: () => reached() !== undefined,
    take() {
      // First of all, so that no other VU takes this one for idle and ends the run.
      sum(IN_FLIGHT, 1)
      const bound = reached() ?? starts()
      if (bound === undefined) return true
      sum(IN_FLIGHT, -1)
      return endIfLast(bound)
    },
    settle(outputTokens, spend) {
      sum('llm_output_tokens', outputTokens)
      sum('llm_spend', spend)
      sum(IN_FLIGHT, -1)
      const bound = reached()
      if (bound !== undefined) endIfLast(bound)
    },
  }
}

/** The bounds of this process: its share of the load, rounded up so that all pods reach the whole. */
function shares(set: readonly Bound[]): readonly Bound[] {
  const share = segmentShare(playedSegment())
  return set.map((bound) => {
    const limit = bound.limit * share
    return { ...bound, limit: bound.metric === 'llm_spend' ? limit : Math.ceil(limit - 1e-6) }
  })
}

/** Thresholds with which stock k6 ends a run at its bounds; none where VUs share their sums. */
export function boundOptions(bounds: Bounds): NonNullable<Options['thresholds']> {
  if (addUp !== undefined) return {}
  const options: NonNullable<Options['thresholds']> = {}
  for (const bound of boundsSet(bounds)) {
    options[bound.metric] = [{ threshold: boundExpression(bound), abortOnFail: true }]
  }
  return options
}

/** Why the bounds cannot be kept: a threshold is fixed before k6 says which part of the load it plays. */
export function unkeptBounds(bounds: Bounds): string | undefined {
  const names = boundsSet(bounds).map(({ variable }) => variable)
  if (names.length === 0 || addUp !== undefined || playedSegment() === null) return undefined
  return `${names.join(', ')}: stock k6 cannot divide a bound among several processes; use the project's own k6 (its image has it), or give each process its own share as a run of its own`
}
