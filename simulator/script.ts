import type { FaultSet } from './fault-set.ts'
import type { Asked, Prompt } from './formats/index.ts'
import { instanceOf } from './instance.ts'
import type { KnownAnswer } from './known-answers.ts'

/** The text of an answer, token by token. */
export type Script = readonly string[]

/** Letters of a token, as of the words of other answers. */
const TOKEN = /\s*\S{1,5}|\s+/g

/**
 * The text that an answer must have: the right answer, where the prompt holds a known question, JSON of the
 * asked schema, or what a fault makes of the answer.
 * @param length tokens that the answer would have by itself; JSON is made to have them
 * @returns undefined where any words will do
 */
export function scriptOf(
  asked: Asked,
  prompt: Prompt,
  given: { faults: FaultSet; known: readonly KnownAnswer[]; length: number },
): Script | undefined {
  const { faults, known, length } = given
  // The first token of a call is its name.
  const room = asked.tool === undefined ? length : length - 1
  const value = asked.schema === undefined ? undefined : instanceOf(asked.schema)
  // A schema that says nothing leaves the JSON to chance, too.
  const isJson = typeof value === 'object' && value !== null && room > 0
  const said = isJson
    ? fitted(tokensOf(JSON.stringify(value)), room)
    : answerTo(prompt, known, faults.wrong !== undefined)
  if (faults.loop !== undefined) return Array.from({ length }, () => ' and so on')
  if (faults.garbled !== undefined) {
    const whole = said ?? Array.from({ length }, () => ' word')
    return whole.map((token, i) => (i % 3 === 1 ? ' \ufffd\ufffd' : token))
  }
  if (faults['broken-json'] !== undefined && isJson) return said?.slice(0, -1).concat(',')
  return said
}

function answerTo(
  prompt: Prompt,
  known: readonly KnownAnswer[],
  wrong: boolean,
): Script | undefined {
  const text =
    'messages' in prompt ? prompt.messages.map((one) => one.text).join('\n') : prompt.plain
  if (typeof text !== 'string') return undefined
  const place = known.findIndex(({ question }) => text.includes(question))
  if (place < 0) return undefined
  const right = (known[place] as KnownAnswer).answer
  const other =
    known.find(({ answer }) => resultOf(answer) !== resultOf(right))?.answer ?? 'unknown'
  return tokensOf(wrong ? other : right)
}

/** What an answer comes to: its last word. Other ways to the same result would not be wrong. */
function resultOf(answer: string): string | undefined {
  return answer.trim().split(/\s+/).pop()
}

function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [' ']
}

/** JSON in so many tokens: blanks behind its first bracket, or the last tokens joined. */
function fitted(tokens: readonly string[], count: number): string[] {
  const [first = '{', ...rest] = tokens
  const more = count - tokens.length - 1
  if (more < 0) return [...tokens.slice(0, count - 1), tokens.slice(count - 1).join('')]
  return [first.slice(0, 1), ...Array.from({ length: more }, () => ' '), first.slice(1), ...rest]
}
