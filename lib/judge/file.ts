import * as z from 'zod/mini'
import { addTokens, NO_TOKENS } from './budget.ts'
import { otherSettings } from './settings.ts'
import { JUDGE_OUTCOMES } from './types.ts'
import type { JudgeHead, Judgement, JudgeTokens } from './types.ts'

/** What the file beside a run holds of its judge. */
export interface JudgedFile {
  /** Of the last session; undefined in an empty file. */
  head: JudgeHead | undefined
  /** The last judgement of each answer and repeat, by `judgementKey`. */
  latest: ReadonlyMap<string, Judgement>
  /** Over all lines: what was asked in vain was paid for, too. */
  used: Used
  problems: { line: number; message: string }[]
  /** The beginning of a line that was never finished: its writer was killed. */
  torn: boolean
}

export interface Used {
  requests: number
  badReplies: number
  tokens: JudgeTokens
  uncounted: number
  most: JudgeTokens
}

const count = z.int().check(z.minimum(0))
const tokens = z.object({ input: count, cached: count, output: count })
const scale = z.object({ from: z.int(), to: z.int() })
const optionalText = z.optional(z.string())

const headSchema = z.object({
  record: z.literal('judge'),
  v: z.literal(1),
  runStartedAt: z.nullable(z.string()),
  judgedAt: z.string(),
  url: z.string(),
  settings: z.object({
    api: z.string(),
    model: z.string(),
    rubric: z.string(),
    scale: scale.check(z.refine(({ from, to }) => from < to, 'from is not below to')),
    pass: z.number(),
    maxTokens: count,
    body: z.string(),
  }),
  answers: count,
  price: z.nullable(
    z.object({
      input: z.number(),
      cached: z.optional(z.number()),
      output: z.number(),
      currency: z.string(),
    }),
  ),
})

const judgementSchema = z.object({
  record: z.literal('judged'),
  id: z.string(),
  nth: z.int().check(z.minimum(1)),
  outcome: z.enum(JUDGE_OUTCOMES),
  rating: z.optional(z.int()),
  reason: optionalText,
  problem: optionalText,
  message: optionalText,
  requests: count,
  badReplies: count,
  tokens,
  uncounted: count,
  most: tokens,
  labels: z.object({
    phase: z.string(),
    app: z.string(),
    endpoint: optionalText,
    turn: z.optional(z.int()),
  }),
})

const lineSchema = z.discriminatedUnion('record', [headSchema, judgementSchema])

/** A head or a judgement as a line of the file. */
export function judgeLine(record: JudgeHead | Judgement): string {
  return `${JSON.stringify(record)}\n`
}

export function judgementKey({ id, nth }: Pick<Judgement, 'id' | 'nth'>): string {
  return `${nth} ${id}`
}

/** Reads the file; what is wrong with its lines is told, and never skipped in silence. */
export function readJudgedFile(text: string): JudgedFile {
  const latest = new Map<string, Judgement>()
  const found: JudgedFile = { head: undefined, latest, used: unused(), problems: [], torn: false }
  const lines = text.split('\n')
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '') continue
    const read = readLine(line)
    if (typeof read === 'string') {
      // Only the last line has no end.
      if (i === lines.length - 1) found.torn = true
      else found.problems.push({ line: i + 1, message: read })
    } else if (read.record === 'judge') {
      const others = otherSettings(found.head?.settings ?? read.settings, read.settings)
      if (others.length === 0) found.head = read
      else
        found.problems.push({
          line: i + 1,
          message: `has another ${others.join(', ')} than before`,
        })
    } else if (rightRating(read, found.head)) {
      latest.set(judgementKey(read), read)
      found.used = withUsed(found.used, read)
    } else {
      const message = `has the rating ${read.rating ?? 'none'}, which does not fit its outcome or scale`
      found.problems.push({ line: i + 1, message })
    }
  }
  return found
}

/** @returns the record, or what is wrong with the line */
function readLine(line: string): JudgeHead | Judgement | string {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    return 'is not JSON, or was cut'
  }
  const parsed = z.safeParse(lineSchema, data)
  if (parsed.success) return parsed.data as JudgeHead | Judgement
  const [issue] = parsed.error.issues
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`
}

/** A rating beyond its scale would be a score above 1. */
function rightRating({ outcome, rating }: Judgement, head: JudgeHead | undefined): boolean {
  if (outcome !== 'scored') return rating === undefined
  if (rating === undefined || head === undefined) return false
  return rating >= head.settings.scale.from && rating <= head.settings.scale.to
}

/** Nothing asked for yet. */
export function unused(): Used {
  return { requests: 0, badReplies: 0, tokens: NO_TOKENS, uncounted: 0, most: NO_TOKENS }
}

function withUsed(sum: Used, one: Used): Used {
  return {
    requests: sum.requests + one.requests,
    badReplies: sum.badReplies + one.badReplies,
    tokens: addTokens(sum.tokens, one.tokens),
    uncounted: sum.uncounted + one.uncounted,
    most: addTokens(sum.most, one.most),
  }
}
