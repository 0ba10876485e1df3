import type { RequestTiming } from './run-data.ts'

/** Sums over requests or over time that rates and shares are made of. */
export type Counter =
  'finished' | 'completed' | 'failed' | 'good' | 'judged' | 'outputTokens' | 'input' | 'cached'

type Quantity =
  | { kind: 'quantile'; timing: RequestTiming; p: number }
  | { kind: 'mean'; timing: RequestTiming }
  | { kind: 'rate'; counter: Counter }
  | { kind: 'share'; counter: Counter; among: Counter }

/** A figure of a run that two runs can be compared by. */
export interface FigureDef {
  /** Stable name: `ttft_p95`, `output_tokens_per_s`. */
  id: string
  title: string
  unit: 'ms' | 'tokens/s' | 'requests/s' | 'share'
  better: 'lower' | 'higher'
  /** How a change is told: new / old - 1, or new - old (shares, which may be 0). */
  scale: 'ratio' | 'difference'
  quantity: Quantity
}

const TIMINGS: Readonly<Record<string, RequestTiming>> = {
  ttft: 'ttftMs',
  ttfo: 'ttfoMs',
  ttfb: 'ttfbMs',
  tpot: 'tpotMs',
  stall: 'stallMs',
  e2e: 'e2eMs',
  stream: 'streamMs',
  connecting: 'connectingMs',
  lateness: 'latenessMs',
  ttft_due: 'ttftDueMs',
  e2e_due: 'e2eDueMs',
}

const rate = (id: string, title: string, counter: Counter): FigureDef => ({
  id,
  title,
  unit: counter === 'outputTokens' ? 'tokens/s' : 'requests/s',
  better: 'higher',
  scale: 'ratio',
  quantity: { kind: 'rate', counter },
})
const share = (
  id: string,
  title: string,
  better: 'lower' | 'higher',
  counter: Counter,
  among: Counter,
): FigureDef => ({
  id,
  title,
  unit: 'share',
  better,
  scale: 'difference',
  quantity: { kind: 'share', counter, among },
})

const OTHERS: readonly FigureDef[] = [
  rate('output_tokens_per_s', 'Output tokens/s', 'outputTokens'),
  rate('completed_per_s', 'Completed requests/s', 'completed'),
  rate('good_per_s', 'Goodput', 'good'),
  share('good_share', 'Good requests', 'higher', 'good', 'judged'),
  share('error_share', 'Failed requests', 'lower', 'failed', 'finished'),
  share('cached_share', 'Cached input tokens', 'higher', 'cached', 'input'),
]

/** What is compared unless told otherwise; each one more makes all of them harder to prove. */
export const DEFAULT_FIGURES: readonly string[] = [
  'ttft_p50',
  'ttft_p95',
  'tpot_p50',
  'tpot_p95',
  'e2e_p50',
  'e2e_p95',
  'output_tokens_per_s',
  'good_share',
  'error_share',
]

/** What `figureDef` understands, for messages. */
export const FIGURE_IDS = `${Object.keys(TIMINGS).join(', ')} with _mean or _p and a percentile (ttft_p95, tpot_p99.9), ${OTHERS.map((f) => f.id).join(', ')}`

/**
 * The figure of a name.
 * @returns undefined for a name that is none; {@link FIGURE_IDS} says what is
 */
export function figureDef(id: string): FigureDef | undefined {
  const other = OTHERS.find((def) => def.id === id)
  if (other !== undefined) return other
  const [, name = '', stat = '', percent] = /^([a-z0-9_]+)_(mean|p(\d+(?:\.\d+)?))$/.exec(id) ?? []
  const timing = Object.hasOwn(TIMINGS, name) ? TIMINGS[name] : undefined
  if (timing === undefined || (percent !== undefined && Number(percent) > 100)) return undefined
  const quantity: Quantity =
    percent === undefined
      ? { kind: 'mean', timing }
      : { kind: 'quantile', timing, p: Number(percent) / 100 }
  const title = `${name.toUpperCase().replace('_DUE', ' from due')} ${stat}`
  return { id, title, unit: 'ms', better: 'lower', scale: 'ratio', quantity }
}
