import type { ChatMessage } from '../../protocols/index.ts'

/** One prompt of a data set. */
export interface DatasetRow {
  /** In the file, or its number there. */
  id: string
  messages: ChatMessage[]
  /** Bound of the answer, tokens. */
  maxTokens?: number
  /** Answer to compare with. */
  expected?: string
  /** Application, for the `app` tag. */
  app?: string
}

/** Names under which each field is known, the first being ours. */
export const NAMES = {
  id: ['id', 'question_id'],
  prompt: ['prompt', 'question', 'instruction', 'input'],
  messages: ['messages', 'conversation'],
  system: ['system', 'system_prompt'],
  maxTokens: ['max_tokens', 'maxTokens', 'max_completion_tokens', 'output_tokens'],
  expected: ['expected', 'answer', 'expected_answer', 'reference'],
  app: ['app', 'application', 'category'],
} as const

type Field = keyof typeof NAMES

/** Field and rank of each name: looked up a key at a time, rows being many and the engine slow. */
const FIELD_OF: Readonly<Record<string, { field: Field; rank: number }>> = Object.fromEntries(
  Object.entries(NAMES).flatMap(([field, names]) =>
    names.map((name, rank) => [name, { field: field as Field, rank }]),
  ),
)

const ROLES = ['system', 'user', 'assistant', 'tool']

/**
 * Reads one row.
 * @param fields as the file names them
 * @param position number of the row, its id where it has none
 * @returns the row, or what is wrong with it
 */
export function readRow(
  fields: Record<string, unknown>,
  position: number,
): DatasetRow | { problem: string } {
  const problem = (text: string) => ({ problem: text })
  const { prompt, messages: given, system, maxTokens, expected, app, id } = known(fields)
  if (prompt === undefined && given === undefined)
    return problem(`no prompt or messages; fields are ${Object.keys(fields).join(', ') || 'none'}`)
  const messages: ChatMessage[] = []
  if (system !== undefined) {
    if (typeof system !== 'string') return problem(`system must be a text, is ${short(system)}`)
    messages.push({ role: 'system', content: system })
  }
  if (given !== undefined) {
    const list = readMessages(given)
    if (typeof list === 'string') return problem(list)
    messages.push(...list)
  } else {
    if (typeof prompt !== 'string' || prompt.trim() === '')
      return problem(`prompt must be a text that is not empty, is ${short(prompt)}`)
    messages.push({ role: 'user', content: prompt })
  }
  const row: DatasetRow = { id: String(id ?? position), messages }
  if (maxTokens !== undefined) {
    const count = Number(maxTokens)
    if (!Number.isInteger(count) || count < 1)
      return problem(`max_tokens must be a whole number from 1, is ${short(maxTokens)}`)
    row.maxTokens = count
  }
  if (expected !== undefined)
    row.expected = typeof expected === 'string' ? expected : JSON.stringify(expected)
  if (app !== undefined) {
    if (typeof app !== 'string' || !/^[\w.-]{1,40}$/.test(app))
      return problem(`app must be 1 to 40 letters, digits, "_", "-" or ".", is ${short(app)}`)
    row.app = app
  }
  return row
}

/** Values by field; where a field is there under two names, the one named first in NAMES. */
function known(fields: Record<string, unknown>): Partial<Record<Field, unknown>> {
  const found: Partial<Record<Field, unknown>> = {}
  const ranks: Partial<Record<Field, number>> = {}
  for (const name of Object.keys(fields)) {
    const place = Object.hasOwn(FIELD_OF, name) ? FIELD_OF[name] : undefined
    const value = fields[name]
    if (!place || value === undefined || value === null) continue
    if (place.rank >= (ranks[place.field] ?? Infinity)) continue
    found[place.field] = value
    ranks[place.field] = place.rank
  }
  return found
}

function readMessages(given: unknown): ChatMessage[] | string {
  let list = given
  if (typeof given === 'string') {
    try {
      list = JSON.parse(given)
    } catch {
      return `messages must be JSON, is ${short(given)}`
    }
  }
  if (!Array.isArray(list) || list.length === 0)
    return `messages must be a list of at least one message, is ${short(list)}`
  for (const [i, message] of list.entries()) {
    if (!isObject(message)) return `messages[${i}] must be an object, is ${short(message)}`
    if (!ROLES.includes(String(message['role'])))
      return `messages[${i}].role must be one of ${ROLES.join(', ')}, is ${short(message['role'])}`
    if (typeof message['content'] !== 'string')
      return `messages[${i}].content must be a text, is ${short(message['content'])}`
  }
  return list as ChatMessage[]
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value for a message: its beginning, so that no message is a page long. */
export function short(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'missing')
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
