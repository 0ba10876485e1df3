/** Where a trace comes from; the header (or the first JSON line) tells. */
export type TraceFormat = 'azure' | 'burstgpt' | 'own' | 'mooncake' | 'records' | 'agents'

/** Unit of a plain number as timestamp. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns'

/**
 * Requests in the order of their times, a column each: typed arrays, not an object a row
 * (16 bytes a request plus what the optional columns hold).
 */
export interface Trace {
  format: TraceFormat
  rows: number
  /** When each request was sent, ms after the first; never falling. */
  atMs: Float64Array
  inputTokens: Uint32Array
  outputTokens: Uint32Array
  /** Number of the conversation, from 1; 0 = none. */
  sessions?: Uint32Array
  /** Index into `appNames`. */
  apps?: Uint32Array
  appNames: readonly string[]
  prompts?: readonly string[]
  /** Ids of the blocks of the prompt from its beginning; equal ids are equal text. */
  prefixIds?: PrefixIds
  /** Tokens in a block of `prefixIds`. */
  blockTokens: number
  /** Date and time of the first request (ms since 1970), where the trace has dates. */
  startEpochMs: number | undefined
}

/** The ids of all rows one after another, and where those of each row end. */
export interface PrefixIds {
  ends: Float64Array
  values: Float64Array
}

export type ProblemType =
  | 'empty'
  | 'unknown_format'
  | 'missing_column'
  | 'missing_field'
  | 'bad_timestamp'
  | 'bad_tokens'
  | 'bad_ids'
  | 'bad_quotes'
  | 'bad_json'
  | 'bad_conversation'
  | 'unordered'
  | 'too_long'
  | 'too_many'

/** One thing wrong with a trace. */
export interface TraceProblem {
  type: ProblemType
  /** Line in the file, from 1; 0 where it is the whole file. */
  line: number
  /** What, the value, and what is accepted. */
  message: string
}

/** What was read and what was done with it. */
export interface TraceReport {
  format: TraceFormat | undefined
  /** Lines of the file, blank ones and the header among them. */
  lines: number
  rows: number
  /** Rows with a problem; left out of the trace where asked to. */
  badRows: number
  /** The first problems, at most `maxProblems`; `problemCounts` has all. */
  problems: readonly TraceProblem[]
  problemCounts: Partial<Record<ProblemType, number>>
  /** Rows earlier than the one before them, and the line of the first of these. */
  unordered: { rows: number; firstLine: number }
  /** Rows without input or output (a failed request of the original), kept. */
  zeroTokens: { input: number; output: number }
  ignoredColumns: readonly string[]
  /** Rows of a CSV file that have delimiters only, passed over. */
  blankRows: number
  /** Unit of numeric times; undefined for dates. */
  timeUnit: TimeUnit | undefined
  /** What the file does not say and was taken for granted, each with what it was told by. */
  assumed: readonly string[]
}

export type TraceResult =
  | { ok: true; trace: Trace; report: TraceReport }
  | { ok: false; problems: readonly TraceProblem[]; report: TraceReport }

export interface ParseOptions {
  /** A row with a problem makes the whole trace refused (default), or is left out and counted. */
  badRows?: 'refuse' | 'skip'
  /** Rows out of order are sorted, stably, and counted (default), or make the trace refused. */
  order?: 'sort' | 'refuse'
  /** Unit of numeric timestamps; default: by the format, for our own by the size of the first. */
  timeUnit?: TimeUnit
  /** Read the column of prompts (default true). */
  prompts?: boolean
  /** Read the block ids (default true). */
  prefixIds?: boolean
  /** Tokens in a block of prefix ids; default: told by the ids against the input lengths, else 512. */
  blockTokens?: number
  /** Largest count of tokens taken for true (default 10 million). */
  maxTokens?: number
  /** Most rows (default 20 million: 320 MB of columns). */
  maxRows?: number
  /** Most characters of prompts in all (default 256 million). */
  maxPromptChars?: number
  /** Most names of applications, which become values of a metric tag (default 50). */
  maxApps?: number
  /** How many problems are reported with their line (default 10). */
  maxProblems?: number
}
