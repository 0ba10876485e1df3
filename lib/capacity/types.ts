/** What one short run at a load found. */
export interface Measurement {
  /** Requests/s or requests in flight, as asked. */
  load: number
  /** Requests judged by the limits, and those that kept all of them. */
  judged: number
  good: number
  /** Length of the measured window, ms. */
  windowMs: number
  completed: number
  outputTokensPerS: number | null
  ttftP50Ms: number | null
  ttftP95Ms: number | null
  tpotP50Ms: number | null
  tpotP95Ms: number | null
  e2eMeanMs: number | null
  /** Good requests and judged ones in stretches of equal length: tell how sure the share is. */
  stretches: readonly { good: number; judged: number }[]
  /** Why the run says nothing of the server, e.g. that the client was late; undefined when it does. */
  clientLimit: string | undefined
}

/** All runs at one load. */
export interface Point {
  load: number
  runs: readonly Measurement[]
  /** Good requests of all runs / judged ones; failed requests are judged and never good. */
  goodShare: number
  /** Interval of the share at the stated confidence. */
  low: number
  high: number
  /** Standard error of the share. */
  error: number
  /** Good requests a second, mean of the runs. */
  goodPerS: number
  completedPerS: number
  verdict: 'kept' | 'missed' | 'unsure'
  /** Completed less than the load asked for: more load will not get more out of the server. */
  saturated: boolean
}

export interface SearchOptions {
  /** `requests/s` (open loop) or `requests in flight` (closed loop: whole numbers). */
  unit: 'requests/s' | 'requests in flight'
  /** Where the sweep begins, and between what it stays. */
  start: number
  min: number
  max: number
  /** Share of requests that must meet every limit, 0-1. */
  target: number
  /** Of the intervals, 0-1. */
  confidence: number
  /**
   * The bisection ends when its ends are so near to each other, and the runs around the result when
   * its interval reaches no further than this to either side; relative.
   */
  precision: number
  /** Runs at a load that is unsure, at most. */
  repeats: number
  /** Runs in all, at most. */
  maxRuns: number
}

export interface CapacityResult {
  format: 'k6-inference-capacity'
  version: 1
  unit: SearchOptions['unit']
  target: number
  confidence: number
  /**
   * Highest load that keeps the limits: where the curve through the good shares crosses the target.
   * Null when every load kept or missed them.
   */
  capacity: number | null
  /** Interval of the capacity at the confidence; null where the points allow none. */
  low: number | null
  high: number | null
  /** Highest load that kept them for sure, lowest that missed them for sure; null for none. */
  surelyKept: number | null
  surelyMissed: number | null
  status: 'found' | 'above all' | 'below all' | 'client limited' | 'out of runs'
  /** Good requests a second at the capacity. */
  goodPerS: number | null
  /** Output tokens a second there. */
  outputTokensPerS: number | null
  knee: { load: number; completedPerS: number } | null
  /** In the order of load. */
  points: Point[]
  runs: number
  notes: string[]
}
