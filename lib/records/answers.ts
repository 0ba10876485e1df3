import { recordText } from './line.ts'
import { RECORDS_VERSION } from './types.ts'
import type { AnswerRecord, CallRecord } from './types.ts'

/** Longest prompt and answer that are kept, characters. */
export const LONGEST_KEPT = 8_000
/** Longest expected text, and longest arguments of a call, characters. */
const LONGEST_PART = 1_000
/** Most expected texts, and most calls. */
const MOST_PARTS = 10

/** The texts of a request, of any length, as they were sent and received. */
export interface AnswerTexts {
  readonly prompt: string
  readonly answer: string
  readonly toolCalls: readonly CallRecord[]
  /** What is known of the right answer. */
  readonly expected: readonly string[]
}

/**
 * The texts of a request as one line of JSON, without the line end. Secrets are masked before a text is cut, as half
 * a secret is not always found.
 * @param id that of the request's own record
 * @param redact masks secrets
 */
export function answerLine(
  id: string,
  { prompt, answer, toolCalls, expected }: AnswerTexts,
  redact: (text: string) => string,
): string {
  const [asked, said] = [middleOut(redact(prompt)), middleOut(redact(answer))]
  const part = (text: string) => middleOut(redact(text), LONGEST_PART).text
  const record: AnswerRecord = {
    v: RECORDS_VERSION,
    record: 'answer',
    id,
    prompt: asked.text,
    ...(asked.cut > 0 && { promptCut: asked.cut }),
    answer: said.text,
    ...(said.cut > 0 && { answerCut: said.cut }),
    ...(toolCalls.length > 0 && {
      toolCalls: toolCalls
        .slice(0, MOST_PARTS)
        .map((call) => ({ name: part(call.name), arguments: part(call.arguments) })),
    }),
    ...(expected.length > 0 && { expected: expected.slice(0, MOST_PARTS).map(part) }),
  }
  return recordText(record)
}

const GAP = '\n[…]\n'

/**
 * A text with its middle left out where it is too long: a question often stands at the end of a prompt, and what is
 * wrong with an answer at its end.
 * @returns `cut`: how many characters were left out
 */
function middleOut(text: string, longest = LONGEST_KEPT): { text: string; cut: number } {
  if (text.length <= longest) return { text, cut: 0 }
  const half = Math.floor((longest - GAP.length) / 2)
  const kept = text.slice(0, half) + GAP + text.slice(-half)
  return { text: kept, cut: text.length - 2 * half }
}
