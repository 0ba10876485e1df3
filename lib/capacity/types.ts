import type { Workload } from './workload.ts'

/** What one run at a load found. */
export interface Measurement {
  /** Requests/s or requests in flight, as asked. */
  load: number
  /** Requests judged by the limits, and those that kept every limit. */
  judged: number
  good: number
  /** Length of the warm-up before the measured window, and of the window, ms. */
  warmupMs: number
  windowMs: number
  /** Completed requests that were due in the window, as the report counts them, and their rate. */
  completed: number
  completedPerS: number | null
  /** Requests completed within the window, whenever they began: what the server got done. */
  served: number
  outputTokensPerS: number | null
  ttftP50Ms: number | null
  ttftP95Ms: number | null
  tpotP50Ms: number | null
  tpotP95Ms: number | null
  e2eMeanMs: number | null
  /** Good and judged requests in stretches of equal length: they show how certain the share is. */
  stretches: readonly { good: number; judged: number }[]
  /** Why the run says nothing about the server, e.g. because the client was late; undefined when it does. */
  clientLimit: string | undefined
  workload: Workload
}

/** How a load is to be run. */
export interface RunPlan {
  /** Number of the run in the search, from 0: each run needs its own traffic to count as a sample. */
  index: number
  warmupMs: number
  measuredMs: number
}

/** All runs at one load with the same warm-up. */
export interface Point {
  load: number
  runs: readonly Measurement[]
  /** Good / judged requests over all runs; failed requests are judged and never good. */
  goodShare: number
  /** Interval of the share at the stated confidence. */
  low: number
  high: number
  /** Over the windows of all runs: good and completed requests/s, and those served within them. */
  goodPerS: number
  completedPerS: number
  servedPerS: number
  verdict: 'kept' | 'missed' | 'unsure'
  /** The server completed less than the load asked for: more load will get no more out of it. */
  saturated: boolean
  /** False where the warm-up was too short for the queue to build up: then not used for the result. */
  settled: boolean
}

export interface SearchOptions {
  /** `requests/s` (open loop) or `requests in flight` (closed loop: whole numbers). */
  unit: 'requests/s' | 'requests in flight'
  /** Where the sweep begins, and the bounds that it stays within. */
  start: number
  min: number
  max: number
  /** Share of requests that must keep every limit, 0-1. */
  target: number
  /** Confidence of the intervals, 0-1. */
  confidence: number
  /** The search ends when the result's interval reaches no further than this to either side, relative to it. */
  precision: number
  /** Minimum lengths of a run, ms; runs close to the limit are longer where the server needs it. */
  warmupMs: number
  durationMs: number
  /** Most runs in total, and most minutes of load in total, warm-ups included. */
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
   * Highest load that keeps the limits: where the curve through the good shares crosses the target; for
   * requests in flight, the whole number below. Null when every load kept them, or every load missed.
   */
  capacity: number | null
  /** Interval of the capacity at the confidence; null where the points allow none. */
  low: number | null
  high: number | null
  /** How far the interval reaches to its further side, relative to the capacity; null without an interval. */
  precision: number | null
  /** The precision asked for. */
  precisionAsked: number
  /** Highest load that certainly kept the limits, lowest that certainly missed them; null for none. */
  surelyKept: number | null
  surelyMissed: number | null
  /**
   * `imprecise`: there is a capacity, but runs or minutes were used up before its interval was as narrow
   * as asked; `out of runs`: they were used up before there was a capacity.
   */
  status: 'found' | 'imprecise' | 'above all' | 'below all' | 'client limited' | 'out of runs'
  /**
   * Load to plan one replica with, for replicas and prices: the lower end of the interval, else the
   * highest load that was certainly kept, else the capacity; null where there is none of these.
   */
  perReplica: number | null
  /** Good requests/s and output tokens/s at that load. */
  goodPerS: number | null
  outputTokensPerS: number | null
  /** The requests it was measured with; null where no run says. */
  workload: Workload | null
  knee: { load: number; servedPerS: number } | null
  /** In ascending order of load. */
  points: Point[]
  runs: number
  /** Minutes of load: warm-ups and measured windows of all runs. */
  minutes: number
  notes: string[]
}
