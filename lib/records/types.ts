import type { PhaseRole, Slo } from '../metrics/index.ts'

/** A later version may add fields; changing the meaning of a field takes a new version number. */
export const RECORDS_VERSION = 1

/**
 * One request: a line of the records file. Fields without a value are left out. Times (`…Ms` in the
 * first block) are ms from the start of the load, so that the records of several pods share one axis;
 * their differences are exact to a nanosecond. `fields.ts` describes each field.
 */
export interface RequestRecord {
  v: typeof RECORDS_VERSION
  record: 'request'
  id: string

  dueMs?: number
  startMs: number
  sentMs?: number
  headersMs?: number
  firstByteMs?: number
  firstTokenMs?: number
  firstAnswerMs?: number
  lastTokenMs?: number
  endMs: number
  connectingMs?: number
  tlsMs?: number

  outcome: string
  reason: string
  message?: string
  httpStatus?: number
  retryAfterS?: number
  finishReason?: string

  phase: string
  measured: boolean
  slice?: string
  app: string
  model: string
  endpoint?: string
  step?: string
  session?: string
  turn?: number
  promptId: string

  inputTokens?: number
  cachedTokens?: number
  outputTokens: number
  reasoningTokens?: number
  tokenSource: 'usage' | 'chunks' | 'none'
  hiddenReasoning?: boolean
  notes?: string[]
  malformedEvents?: number
  chunks: number
  firstChunkTokens?: number
  bunches?: number
  askedInputTokens?: number
  askedOutputTokens?: number
  received: Record<string, number>

  ttftMs?: number
  tpotMs?: number
  e2eMs?: number
  stallMs?: number
  latenessMs?: number
  lateCause?: 'no_vu' | 'client'
  timerOvershootMs?: number
  handlerDelayMs?: number
  pauseMs?: number
  good?: boolean
  spend?: number

  clock: 'socket' | 'handler' | 'buffered'
  requestId?: string
  gapsMs?: number[]
  chunkTokens?: number[]
  text?: string
  grades?: GradeRecord[]
  gradersFailed?: string[]
  diverged?: boolean
  divergedAtWord?: number
}

/** What one grader says of the answer. */
export interface GradeRecord {
  grader: string
  /** 0-1. */
  score: number
  passed: boolean
  /** `ok`, or why it did not pass. */
  reason: string
  /** Where in a schema, or which call; never a word of the answer. */
  where?: string | undefined
}

/**
 * The texts of one request, after its own record in the same file; only with KEEP_ANSWERS. `fields.ts` describes each
 * field.
 */
export interface AnswerRecord {
  v: typeof RECORDS_VERSION
  record: 'answer'
  id: string
  prompt: string
  promptCut?: number
  answer: string
  answerCut?: number
  toolCalls?: CallRecord[]
  expected?: string[]
}

/** A function that the model called; `arguments` is the JSON text as the server sent it. */
export interface CallRecord {
  name: string
  arguments: string
}

/** What the run was: the first line of a records file, one per pod. */
export interface RunRecord {
  v: typeof RECORDS_VERSION
  record: 'run'
  /** ISO 8601; when the preflight was done. */
  startedAt: string
  /** What `buildReport` needs besides the figures. JSON, so limits that are not set are left out. */
  run: {
    scenario: string
    plan: {
      phases: {
        name: string
        startMs: number
        endMs: number
        role: PhaseRole
        measured: boolean
        from: number
        to: number
      }[]
      endMs: number
      /** Part of the load that the process played (`0:1/3`); null: all of it. */
      segment: string | null
      /** Others than our own may leave it out. */
      loop?: string | undefined
      [field: string]: unknown
    }
    slo: Slo
    [field: string]: unknown
  }
}

/** The server's own figures at one moment, by the neutral names of the metrics. */
export interface ServerRecord {
  v: typeof RECORDS_VERSION
  record: 'server'
  /** ms from the start of the load. */
  atMs: number
  /** e.g. `{ "llm_server_running": 12, "llm_server_kv_cache_usage": 0.4 }`. */
  values: Record<string, number>
  /** What came of reading each address: e.g. `{ "source": "METRICS_URL", "result": "no_answer" }`. */
  readings?: { source: string; result: string }[]
  /** Metrics whose value could not be and was left out; missing where there are none. */
  impossible?: string[]
}

/**
 * The last line of a process's records. teardown() writes one; handleSummary(), where it is called,
 * writes another that knows more. The last one counts.
 */
export interface EndRecord {
  v: typeof RECORDS_VERSION
  record: 'end'
  /** When the process was done, ms from the start of the load. */
  atMs: number
  /** Requests cut off by the end: started and never finished. Only a summary knows them. */
  interrupted?: number
  /**
   * What the last look saw of a load that was ended because its limits were decided: its report is of
   * that. Added after the run by `k6-inference run --until decided`, as is `confidence`.
   */
  decided?: SeenPart
  /** Confidence of the intervals in place of the one in the first line: that of the look whose verdicts count. */
  confidence?: number
}

/** The part of a records file that a look at a run which went on has seen. */
export interface SeenPart {
  /** Requests that were due before, ms from the start of the load. */
  endMs: number
  /** Lines that the file had. */
  lines: number
}

export type AnyRecord = RequestRecord | AnswerRecord | RunRecord | ServerRecord | EndRecord
