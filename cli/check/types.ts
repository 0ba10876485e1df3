import type { ModelList, PreflightProblem, ServerFacts } from '../../lib/preflight/index.ts'
import type { ServerFigure } from '../../lib/server-metrics/index.ts'

/** How one answer of some length came. Times in ms. */
export interface Stream {
  ttftMs: number
  /** Median of the gaps between content chunks; undefined for a single chunk. */
  gapMs: number | undefined
  chunks: number
  tokens: number
  /** Number of bunches that the chunks came in; undefined where they came one by one. */
  bunches: number | undefined
  /** How late this program's timers ran meanwhile, mean: what comes in while it waits looks like a bunch. */
  lagMs: number
}

/** What one wire format gave. */
export type FormatFinding =
  | { api: string; ok: true; facts: ServerFacts }
  | { api: string; ok: false; problem: PreflightProblem }

/** What the server's own metrics give. */
export interface MetricsFinding {
  url: string
  /** Titles of the engines whose metrics they are. */
  engines: string[]
  figures: ServerFigure[]
}

/** Everything that a server showed. */
export interface Findings {
  baseUrl: string
  models: ModelList
  formats: FormatFinding[]
  /** In the first format that streams; undefined where none does, or that answer failed. */
  stream: Stream | undefined
  metrics: MetricsFinding
}
