import { LATENCIES } from './latencies.ts'
import type { TimingField } from './types.ts'

/** What of a latency can have a limit: its word in names, k6's expression, and which share it cuts. */
const STATISTICS = [
  { word: 'P50', stat: 'p(50)', share: 0.5 },
  { word: 'P90', stat: 'p(90)', share: 0.9 },
  { word: 'P95', stat: 'p(95)', share: 0.95 },
  { word: 'P99', stat: 'p(99)', share: 0.99 },
  { word: 'MEAN', stat: 'avg', share: undefined },
] as const

type Latency = (typeof LATENCIES)[number]
type Word = (typeof STATISTICS)[number]['word']
type ShortOf<Name> = Name extends `llm_${infer Short}` ? Short : never
type StemOf<Timing> = Timing extends `${infer Stem}Ms` ? Stem : never

/** Variable that sets a limit: `SLO_TTFT_DUE_P95`. */
export type LimitVariable = `SLO_${Uppercase<ShortOf<Latency['name']>>}_${Word}`
/** Field of a limit: `ttftDueP95Ms`. */
export type LimitField = `${StemOf<Latency['timing']>}${Capitalize<Lowercase<Word>>}Ms`

/** Limits of a service level: latencies over the run in ms, shares 0-1; what is not set is no limit. */
export type Slo = { readonly [F in LimitField]?: number | undefined } & {
  readonly errorRate: number
  /** True where nobody set `errorRate` and it is this project's own. */
  readonly errorRateBuiltIn?: boolean | undefined
  readonly goodput?: number | undefined
  /** Share of graded answers that every grader must pass. */
  readonly quality?: number | undefined
  /** Share of graded JSON answers that must be valid. */
  readonly validJson?: number | undefined
  /** Share of compared answers that may differ from those of the idle server. */
  readonly divergence?: number | undefined
}

/** A limit that can be set on a latency. */
export interface LatencyLimit {
  /** Stable name of its verdict: `ttft_due_p95`, `ttft_mean`. */
  id: string
  variable: LimitVariable
  field: LimitField
  metric: Latency['name']
  timing: TimingField
  /** As tables name the latency and the statistic: `TTFT`, `p95`. */
  title: string
  statistic: string
  /** k6's expression of the statistic: `p(95)`, `avg`. */
  stat: (typeof STATISTICS)[number]['stat']
  /** The percentile, 0-1; undefined for the mean. */
  share: number | undefined
}

type Statistic = (typeof STATISTICS)[number]

function fieldOf({ timing }: Latency, { word }: Statistic): LimitField {
  const statistic = word === 'MEAN' ? 'Mean' : word
  return `${timing.slice(0, -'Ms'.length)}${statistic}Ms` as LimitField
}

function limitOf(latency: Latency, statistic: Statistic): LatencyLimit {
  const { name, timing, title } = latency
  const { word, stat, share } = statistic
  const short = name.replace('llm_', '')
  return {
    id: `${short}_${word.toLowerCase()}`,
    variable: `SLO_${short}_${word}`.toUpperCase() as LimitVariable,
    field: fieldOf(latency, statistic),
    metric: name,
    timing,
    title,
    statistic: word.toLowerCase(),
    stat,
    share,
  }
}

/** Every limit that can be set: five statistics of each latency of the catalogue. */
export function latencyLimits(): LatencyLimit[] {
  return LATENCIES.flatMap((latency) => STATISTICS.map((one) => limitOf(latency, one)))
}

/** The limits on latencies that a service level sets, with their values in ms. */
export function limitsSet(slo: Slo): (LatencyLimit & { limitMs: number })[] {
  // Every VU asks for these, and few are set, if any: only they are made.
  if (!Object.entries(slo).some(isLatencyLimit)) return []
  return LATENCIES.flatMap((latency) =>
    STATISTICS.flatMap((statistic) => {
      const limitMs = slo[fieldOf(latency, statistic)]
      return limitMs === undefined ? [] : [{ ...limitOf(latency, statistic), limitMs }]
    }),
  )
}

/** All other fields are no times. */
function isLatencyLimit([field, value]: [string, unknown]): boolean {
  return value !== undefined && field.endsWith('Ms')
}
