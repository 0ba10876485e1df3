import { withoutReasoning } from '../quality/index.ts'
import type { Scale } from './types.ts'

/** What is wrong with a reply that is not in the format: few values. */
export type ReplyProblem =
  'empty' | 'cut_off' | 'too_long' | 'not_json' | 'other_fields' | 'no_score' | 'off_scale'

export type Reply =
  { ok: true; rating: number; reason: string } | { ok: false; problem: ReplyProblem }

/** Far longer than a reason of 60 words. */
const LONGEST = 20_000
/** Many models write JSON into a Markdown fence whatever they are told. Around the whole, it changes nothing. */
const FENCE = /^```(?:json)?\s*\n([\s\S]*)\n\s*```$/

/**
 * Reads the judge's reply: one JSON object with `score`, a whole number on the scale, and `reason`, a text; nothing
 * before or behind it but reasoning that ends with `</think>`. Nothing is guessed from prose.
 * @param text the reply, of any length and content
 * @param finish why the server ended it, as a kind
 */
export function readReply(text: string, finish: string | undefined, scale: Scale): Reply {
  const plain = withoutReasoning(text).trim()
  if (plain.length > LONGEST) return wrong('too_long')
  const data = parsed(FENCE.exec(plain)?.[1] ?? plain)
  if (data === undefined) {
    if (finish === 'length') return wrong('cut_off')
    return wrong(plain === '' ? 'empty' : 'not_json')
  }
  if (Object.keys(data).some((name) => name !== 'score' && name !== 'reason')) {
    return wrong('other_fields')
  }
  const { score, reason } = data as { score?: unknown; reason?: unknown }
  if (typeof score !== 'number' || typeof reason !== 'string') return wrong('no_score')
  if (!Number.isInteger(score) || score < scale.from || score > scale.to) return wrong('off_scale')
  return { ok: true, rating: score, reason }
}

function parsed(text: string): object | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : undefined
  } catch {
    return undefined
  }
}

function wrong(problem: ReplyProblem): Reply {
  return { ok: false, problem }
}
