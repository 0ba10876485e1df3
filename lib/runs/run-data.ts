import type { TimingField } from '../metrics/index.ts'
import type { RunConditions } from './types.ts'

/** Timings of which a request has one value. */
export type RequestTiming = Exclude<TimingField, 'iclMs' | 'itlMs'>

/** What the analysis needs of one request. Times in ms from the start of the run's load. */
export interface OldSample {
  /** When it was due, else when it started: orders the requests and says which window they are of. */
  atMs: number
  endMs: number
  /** Equal ids are equal prompts; undefined where prompts have no names. */
  promptId: string | undefined
  /** `aborted`: given up by the client, neither completed nor failed. */
  outcome: 'completed' | 'failed' | 'aborted'
  /** Whether it met every limit; undefined without limits. */
  good: boolean | undefined
  inputTokens: number | undefined
  cachedTokens: number | undefined
  outputTokens: number
  /**
   * What was asked whatever the server does; undefined where the request was due at no time that was
   * set before the run, or nothing was asked of its length.
   */
  asked: { inputTokens: number | undefined; outputTokens: number } | undefined
  firstTokenMs: number | undefined
  lastTokenMs: number | undefined
  /** Of completed requests; what is missing has no value. */
  timings: Readonly<Partial<Record<RequestTiming, number | undefined>>>
}

/** One run as the analysis sees it. */
export interface RunData {
  /** What it is called in the output, e.g. its folder. */
  name: string
  /** ISO 8601, undefined when not known. */
  startedAt: string | undefined
  conditions: RunConditions
  /** The measured window on the clock of the requests, ms. */
  fromMs: number
  toMs: number
  /** All requests, also those outside of the window; undefined when the run left no records. */
  requests: readonly OldSample[] | undefined
  /** Figures by id where there are no records to compute them from; see `figureDef`. */
  figures: Readonly<Record<string, number | null>>
}
