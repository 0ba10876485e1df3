import type { ChatMessage } from '../../protocols/index.ts'
import type { Task } from '../../quality/index.ts'
import { readAnswers } from './answers.ts'
import { type Dialogue, isObject, readDialogue, short } from './messages.ts'

/** One prompt of a data set. */
export interface DatasetRow {
  /** In the file, or its number there. */
  id: string
  messages: ChatMessage[]
  /** Bound of the answer, tokens. */
  maxTokens?: number
  /** What is known of the right answer. */
  task?: Task
  /** Application, for the `app` tag. */
  app?: string
  /** Tools that the model may call, in OpenAI's form. */
  tools?: readonly unknown[]
  /** How it may or must call them, in OpenAI's form. */
  toolChoice?: unknown
  /** Form of the answer, in OpenAI's form: a JSON schema. */
  responseFormat?: unknown
}

/** Names under which each field is known, the first being ours. */
export const NAMES = {
  id: ['id', 'question_id', 'task_id', 'custom_id', 'conversation_id'],
  prompt: ['prompt', 'question', 'instruction', 'input'],
  messages: ['messages', 'conversation', 'conversations'],
  /** MT-Bench's questions of a conversation, of which the first is asked. */
  turns: ['turns'],
  /** What the prompt is about (Dolly, SQuAD, RAG): a text or a list of texts. */
  context: ['context', 'contexts'],
  system: ['system', 'system_prompt'],
  maxTokens: ['max_tokens', 'maxTokens', 'max_completion_tokens', 'output_tokens'],
  expected: ['expected', 'answer', 'answers', 'expected_answer', 'reference'],
  app: ['app', 'application'],
  tools: ['tools'],
  toolChoice: ['tool_choice'],
  responseFormat: ['response_format'],
} as const

type Field = keyof typeof NAMES

/** Field and rank of each name: looked up a key at a time, rows being many and the engine slow. */
const FIELD_OF: Readonly<Record<string, { field: Field; rank: number }>> = Object.fromEntries(
  Object.entries(NAMES).flatMap(([field, names]) =>
    names.map((name, rank) => [name, { field: field as Field, rank }]),
  ),
)

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
  // A line of OpenAI's batch files has the request as its body.
  const { body } = fields
  const given = isObject(body) ? { ...fields, ...body } : fields
  const { system, maxTokens, expected, app, id, tools, toolChoice, responseFormat } = known(given)
  const messages: ChatMessage[] = []
  if (system !== undefined) {
    if (typeof system !== 'string') return problem(`system must be a text, is ${short(system)}`)
    messages.push({ role: 'system', content: system })
  }
  const asked = readAsked(given)
  if (typeof asked === 'string') return problem(asked)
  const wanted = expected === undefined ? asked.answer && [asked.answer] : textsOf(expected, given)
  const answers = readAnswers(given, wanted || undefined)
  if ('problem' in answers) return problem(answers.problem)
  const { task, shown } = answers
  const row: DatasetRow = {
    id: String(id ?? position),
    messages: [...messages, ...(asked.bare ? withChoices(asked.messages, shown) : asked.messages)],
  }
  if (maxTokens !== undefined) {
    const count = Number(maxTokens)
    if (!Number.isInteger(count) || count < 1)
      return problem(`max_tokens must be a whole number from 1, is ${short(maxTokens)}`)
    row.maxTokens = count
  }
  if (task !== undefined) row.task = task
  if (app !== undefined) {
    if (typeof app !== 'string' || !/^[\w.-]{1,40}$/.test(app))
      return problem(`app must be 1 to 40 letters, digits, "_", "-" or ".", is ${short(app)}`)
    row.app = app
  }
  if (Array.isArray(tools)) row.tools = tools
  if (toolChoice !== undefined) row.toolChoice = toolChoice
  const format = responseFormat ?? formatOf(task)
  if (format !== undefined) row.responseFormat = format
  return row
}

/** A question without its choices gets them; messages are sent as they are. */
function withChoices(messages: readonly ChatMessage[], shown: string | undefined): ChatMessage[] {
  return messages.map((one) =>
    shown === undefined ? one : { ...one, content: `${one.content}\n\n${shown}` },
  )
}

/** A row's own schema is asked of the server as well. */
function formatOf(task: Task | undefined): unknown {
  if (task?.schema === undefined) return undefined
  return { type: 'json_schema', json_schema: { name: 'answer', schema: task.schema } }
}

/** The prompt in whichever form a row has it; `bare`: a question, no messages. */
function readAsked(fields: Record<string, unknown>): (Dialogue & { bare?: true }) | string {
  const { prompt, messages, turns, context } = known(fields)
  if (messages !== undefined) return readDialogue(messages)
  const isTurns = Array.isArray(prompt) && prompt.every((one) => typeof one === 'string')
  if (Array.isArray(prompt) && !isTurns) return readDialogue(prompt)
  const first = isTurns ? (prompt as string[])[0] : prompt
  const question = first ?? (Array.isArray(turns) ? turns[0] : turns)
  if (question === undefined)
    return `no prompt or messages; fields are ${Object.keys(fields).join(', ') || 'none'}`
  if (typeof question !== 'string' || question.trim() === '')
    return `prompt must be a text that is not empty, is ${short(question)}`
  const parts = [question]
  const { instruction, input } = fields
  if (question === instruction) {
    // Alpaca: what the instruction is about.
    if (typeof (input ?? '') !== 'string') return `input must be a text, is ${short(input)}`
    if (typeof input === 'string' && input.trim() !== '') parts.push(input)
  }
  if (context !== undefined) {
    const texts = Array.isArray(context) ? context : [context]
    if (!texts.every((text) => typeof text === 'string'))
      return `context must be a text or a list of texts, is ${short(context)}`
    parts.unshift(...texts.filter((text) => text.trim() !== ''))
  }
  const content = parts.join('\n\n')
  const answer = question === instruction ? (fields['output'] ?? fields['response']) : undefined
  return {
    messages: [{ role: 'user', content }],
    answer: typeof answer === 'string' && answer !== '' ? answer : undefined,
    bare: true,
  }
}

/** The right answers: of a list any, of MT-Bench's references, one for each turn, the first. */
function textsOf(expected: unknown, fields: Record<string, unknown>): string[] {
  // SQuAD has the texts beside their places in the passage.
  const texts = isObject(expected) && Array.isArray(expected['text']) ? expected['text'] : expected
  if (!Array.isArray(texts) || texts.length === 0) return [textOf(texts)]
  return texts === fields['reference'] ? [textOf(texts[0])] : [...new Set(texts.map(textOf))]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
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
