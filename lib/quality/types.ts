/** A function that the model called; `arguments` is the JSON text as the server sent it. */
export interface CalledTool {
  readonly name: string
  readonly arguments: string
}

/** What a grader sees of an answer. */
export interface GradedAnswer {
  /** The answer itself, without reasoning. */
  readonly text: string
  /** Why the server ended it, as a kind (`stop`, `length`, …); undefined where it did not say. */
  readonly finish: string | undefined
  readonly toolCalls: readonly CalledTool[]
}

/** A call that an answer must make. */
export interface ExpectedCall {
  readonly name: string
  /** Arguments by value; left out: any that fit the tool's schema. */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined
}

/** What is known about the right answer to a request, as far as its workload knows it. */
export interface Task {
  /** Right answers, of which one is enough. */
  readonly expected?: readonly string[] | undefined
  /** What kind of answer it is, where it is more than a text. */
  readonly kind?: 'number' | 'choice' | undefined
  /** Texts of the choices, the first being A; `expected` is then a letter. */
  readonly choices?: readonly string[] | undefined
  /** Regular expression that the answer must match. */
  readonly pattern?: string | undefined
  /** The answer is to be JSON; of this schema where one is given. */
  readonly json?: boolean | undefined
  readonly schema?: unknown
  /** Tools that the model may call, in OpenAI's form, and the calls that it is to make. */
  readonly tools?: readonly unknown[] | undefined
  readonly calls?: readonly ExpectedCall[] | undefined
  /** Whether it is to call a tool at all, where no calls are expected. */
  readonly mustCall?: boolean | undefined
  /** Whether the request leaves room for a whole answer: cut off at its limit, it is wrong. */
  readonly whole?: boolean | undefined
  /** Names of graders that its data asks for, in place of those that fit by themselves. */
  readonly graders?: readonly string[] | undefined
}

/** Why an answer got its score: few values, fit for a tag. */
export const REASONS_OF_GRADES = [
  'ok',
  'empty',
  /** Another text than the expected one, or too little in common with it. */
  'different',
  /** No choice or number in it. */
  'no_answer',
  /** Several choices. */
  'ambiguous',
  /** Another choice or number. */
  'wrong',
  'not_json',
  /** JSON inside a Markdown fence, which a program cannot parse as it is. */
  'fenced',
  /** JSON, but neither an object nor a list. */
  'not_object',
  /** Against the schema. */
  'schema',
  'no_call',
  /** The call is written into the text: the server did not recognise it. */
  'call_as_text',
  'wrong_tool',
  /** More or fewer calls than expected. */
  'call_count',
  'bad_arguments',
  'arguments_schema',
  'arguments_differ',
  /** The end repeats itself without end. */
  'loop',
  /** The same phrases over and over. */
  'repeated',
  /** Characters that no text has: broken encoding, control characters. */
  'garbled',
  /** Letters of several scripts within words. */
  'mixed_scripts',
  /** The model's own markers, such as `<|im_end|>`. */
  'special_tokens',
  /** Ended at the limit of tokens. */
  'cut_off',
  /** Of a script's own grader. */
  'own',
] as const

export type GradeReason = (typeof REASONS_OF_GRADES)[number]

/** What a grader says of an answer. */
export interface Grade {
  /** Quality, 0-1; 0 or 1 where an answer is right or wrong. */
  readonly score: number
  readonly passed: boolean
  readonly reason: GradeReason
  /** Where in the schema or among the calls; never a word of the answer. */
  readonly where?: string | undefined
}

/**
 * Grades one answer; pure. A script's own graders are of this type, too.
 * @returns undefined where the task does not tell what is right
 */
export type Grader = (answer: GradedAnswer, task: Task) => Grade | undefined

/** A grade with the name of its grader. */
export interface Graded extends Grade {
  readonly grader: string
}
