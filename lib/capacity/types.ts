import type { Workload } from './workload.ts'

/** What one run at a load found. */
export interface Measurement {
  /** Requests/s or requests in flight, as asked. */
  load: number
  /** Requests judged by the limits, and those that kept all of them. */
  judged: number
  good: number
  /** Length of what was left out before the measured window, and of the window, ms. */
  warmupMs: number
  windowMs: number
  /** Completed requests that were due in the window, as its report counts them, and their rate. */
  completed: number
  completedPerS: number | null
  /** Requests that were completed inside of the window, whenever they began: what the server got done. */
  served: number
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
  workload: Workload
}

/** How a load is to be run. */
export interface RunPlan {
  /** Number of the run in the search, from 0: a run needs traffic of its own to be a sample. */
  index: number
  warmupMs: number
  measuredMs: number
}

/** All runs at one load that were warmed up as long. */
export interface Point {
  load: number
  runs: readonly Measurement[]
  /** Good requests of all runs / judged ones; failed requests are judged and never good. */
  goodShare: number
  /** Interval of the share at the stated confidence. */
  low: number
  high: number
  /** Over the windows of all runs: good and completed requests/s, and those served inside of them. */
  goodPerS: number
  completedPerS: number
  servedPerS: number
  verdict: 'kept' | 'missed' | 'unsure'
  /** Served less than the load asked for: more load will not get more out of the server. */
  saturated: boolean
  /** False where the warm-up was too short for the queue to build up: not used for the result. */
  settled: boolean
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
  /** The search ends when the result's interval reaches no further than this to either side; relative. */
  precision: number
  /** Least lengths of a run, ms; runs near to the limit are longer where the server needs it. */
  warmupMs: number
  durationMs: number
  /** Runs in all, at most, and minutes of load in all, warm-ups included. */
  maxRuns: number
  maxMinutes: number
}

export interface CapacityResult {
  format: 'k6-inference-capacity'
  version: 1
  unit: SearchOptions['unit']
  target: number
  confidence: number
  /**
   * Highest load that keeps the limits: where the curve through the good shares crosses the target,
   * for requests in flight the whole number below. Null when every load kept or missed them.
   */
  capacity: number | null
  /** Interval of the capacity at the confidence; null where the points allow none. */
  low: number | null
  high: number | null
  /** How far the interval reaches to its further side, relative to the capacity; null without one. */
  precision: number | null
  /** What was asked for. */
  precisionAsked: number
  /** Highest load that kept them for sure, lowest that missed them for sure; null for none. */
  surelyKept: number | null
  surelyMissed: number | null
  /**
   * `imprecise`: a capacity, but runs or minutes were used up before its interval was as narrow as
   * asked; `out of runs`: they were before there was one.
   */
  status: 'found' | 'imprecise' | 'above all' | 'below all' | 'client limited' | 'out of runs'
  /**
   * Load that a replica is counted with, for replicas and prices: the lower end of the interval, else
   * the highest load that was kept for sure, else the capacity; null where there is none of them.
   */
  perReplica: number | null
  /** Good requests/s and output tokens/s at that load. */
  goodPerS: number | null
  outputTokensPerS: number | null
  /** What it was measured with; null where no run says. */
  workload: Workload | null
  knee: { load: number; servedPerS: number } | null
  /** In the order of load. */
  points: Point[]
  runs: number
  /** Of load: warm-ups and measured windows of all runs. */
  minutes: number
  notes: string[]
}
