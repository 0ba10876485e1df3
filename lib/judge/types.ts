/** An answer of the run, and what is known about it. */
export interface JudgedItem {
  /** Id of its request's record. */
  readonly id: string
  readonly prompt: string
  readonly answer: string
  /** Right answers, where the data set has them. */
  readonly expected: readonly string[]
  /** Whether only parts of prompt or answer were kept. */
  readonly cut: boolean
  /** What its request belongs to. */
  readonly labels: JudgedLabels
}

export interface JudgedLabels {
  readonly phase: string
  readonly app: string
  readonly endpoint?: string | undefined
  readonly turn?: number | undefined
}

/** Whole numbers that the judge may give. */
export interface Scale {
  readonly from: number
  readonly to: number
}

/** What a score depends on. Two sessions on one run must agree in it. */
export interface JudgeSettings {
  readonly api: string
  readonly model: string
  readonly rubric: string
  readonly scale: Scale
  /** Smallest mean rating of an answer that passes, on the scale. */
  readonly pass: number
  /** Longest reply, tokens. */
  readonly maxTokens: number
  /** Hash of the changes to the body of requests; '' without any. They may hold what is nobody's business. */
  readonly body: string
}

/** Tokens that a judge read and wrote. */
export interface JudgeTokens {
  readonly input: number
  /** Of these, from its prefix cache. */
  readonly cached: number
  readonly output: number
}

/**
 * What became of one request for a score. `unfinished`: a budget or a signal came between two requests.
 * The last three are asked for again by the next session.
 */
export const JUDGE_OUTCOMES = ['scored', 'bad_format', 'timeout', 'error', 'unfinished'] as const
export type JudgeOutcome = (typeof JUDGE_OUTCOMES)[number]

/** One answer judged once, as a line of the file. */
export interface Judgement {
  readonly record: 'judged'
  readonly id: string
  /** 1, and with repeats 2 and so on. */
  readonly nth: number
  readonly outcome: JudgeOutcome
  /** On the scale; of `scored` only. */
  readonly rating?: number | undefined
  /** The judge's own words, shortened, without secrets. */
  readonly reason?: string | undefined
  /** Short word: what was wrong with the format, or why the last request failed (`http_500`). */
  readonly problem?: string | undefined
  /** The server's words on a failure. */
  readonly message?: string | undefined
  /** Requests that were sent for it. */
  readonly requests: number
  /** Replies that were not in the format. */
  readonly badReplies: number
  /** As the server counted them. */
  readonly tokens: JudgeTokens
  /** Requests that may be charged but whose tokens the server did not tell, and the most that they can be. */
  readonly uncounted: number
  readonly most: JudgeTokens
  readonly labels: JudgedLabels
}

/** The first line of each session. */
export interface JudgeHead {
  readonly record: 'judge'
  readonly v: 1
  /** Start of the run that is judged, ISO 8601: the file belongs to no other. */
  readonly runStartedAt: string | null
  readonly judgedAt: string
  /** Address of the judge. */
  readonly url: string
  readonly settings: JudgeSettings
  /** Kept answers that could be judged. */
  readonly answers: number
  /** Per million tokens. */
  readonly price: JudgePrice | null
}

export interface JudgePrice {
  readonly input: number
  readonly cached?: number | undefined
  readonly output: number
  readonly currency: string
}
