import type { ExpectedCall, Task } from '../../quality/index.ts'
import { isObject, short } from './messages.ts'

/** What a row says of its right answer, and what of that the prompt must show. */
export interface Answers {
  task: Task | undefined
  /** The choices as they are put behind the question; undefined where there are none. */
  shown: string | undefined
}

/** Names under which data sets have a question's choices, and the right one. */
const CHOICES = ['choices', 'options'] as const
const RIGHT_CHOICE = [
  'answerKey',
  'answer_index',
  'answer_idx',
  'answer',
  'target',
  'label',
  'expected',
] as const
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Reads what of a row belongs to its right answer.
 * @param fields as the file names them
 * @param expected what the row's reader took for the expected answer; a list: any of them is right
 * @returns what is known, or what is wrong with it
 */
export function readAnswers(
  fields: Record<string, unknown>,
  expected: readonly string[] | undefined,
): Answers | { problem: string } {
  const own = ownFields(fields)
  if ('problem' in own) return own
  const choices = choicesOf(fields)
  if (choices !== undefined) {
    const shown = shownChoices(choices)
    const given = RIGHT_CHOICE.flatMap((name) => fields[name] ?? [])
    if (given.length === 0) return { task: undefined, shown }
    const right = rightChoice(given, labelsOf(fields), choices)
    if (right === undefined) {
      return { problem: `the right one of ${choices.length} choices is ${short(given[0])}` }
    }
    return { task: { ...own, expected: [right], kind: 'choice', choices }, shown }
  }
  const worked = expected?.map(finalAnswer)
  if (worked !== undefined && worked.every((one) => one !== undefined)) {
    return { task: { kind: 'number', ...own, expected: worked }, shown: undefined }
  }
  const task = expected === undefined ? own : { ...own, expected }
  return { task: Object.keys(task).length === 0 ? undefined : task, shown: undefined }
}

/** GSM8K ends its worked answers with `#### 18`. */
function finalAnswer(text: string): string | undefined {
  return /\n?####\s*(\S[^\n]*)\s*$/.exec(text)?.[1]?.trim()
}

/** Fields of this project's own form; all are optional. */
function ownFields(fields: Record<string, unknown>): Task | { problem: string } {
  const task: { -readonly [F in keyof Task]: Task[F] } = {}
  const { grader, expected_pattern: pattern, json_schema: schema, expected_calls: calls } = fields
  if (grader !== undefined) {
    const graders = Array.isArray(grader) ? (grader as unknown[]) : String(grader).split(',')
    const names = graders.map((name) => String(name).trim())
    if (names.some((name) => !/^\w{1,40}$/.test(name)))
      return { problem: `grader must be the name of a grader, or several, is ${short(grader)}` }
    task.graders = names
  }
  if (pattern !== undefined) {
    if (typeof pattern !== 'string')
      return { problem: `expected_pattern must be a text, is ${short(pattern)}` }
    task.pattern = pattern
  }
  if (schema !== undefined) {
    const read = readJson(schema)
    if (!isObject(read))
      return { problem: `json_schema must be a JSON schema, is ${short(schema)}` }
    task.schema = read
  }
  if (calls !== undefined) {
    const read = readJson(calls)
    if (!Array.isArray(read) || !read.every(isCall)) {
      const accepted = 'a list of {"name", "arguments"}'
      return { problem: `expected_calls must be ${accepted}, is ${short(calls)}` }
    }
    task.calls = read
  }
  return task
}

function isCall(call: unknown): call is ExpectedCall {
  if (!isObject(call) || typeof call['name'] !== 'string') return false
  return call['arguments'] === undefined || isObject(call['arguments'])
}

/** A cell of CSV holds JSON as a text. */
function readJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/**
 * MMLU and MMLU-Pro have a list, ARC and CommonsenseQA texts beside labels, MedQA letters as keys, others
 * columns A, B, C, D.
 */
function choicesOf(fields: Record<string, unknown>): string[] | undefined {
  for (const name of CHOICES) {
    const read = readJson(fields[name])
    const inside = isObject(read) ? (read['text'] ?? lettered(read)) : read
    if (isChoices(inside)) return inside.map(String)
  }
  const columns = lettered(fields)
  return isChoices(columns) ? columns.map(String) : undefined
}

function isChoices(list: unknown): list is (string | number)[] {
  if (!Array.isArray(list) || list.length < 2 || list.length > LETTERS.length) return false
  return list.every((one) => typeof one === 'string' || typeof one === 'number')
}

/** Values under A, B, C … up to the first letter that is missing. */
function lettered(fields: Record<string, unknown>): unknown[] {
  const values = [...LETTERS].map((letter) => fields[letter])
  const count = values.indexOf(undefined)
  return count < 0 ? values : values.slice(0, count)
}

/** The letter of the right choice: given as a letter, a label, a number from 0, or its text. */
function rightChoice(
  given: readonly unknown[],
  labels: readonly string[],
  choices: readonly string[],
): string | undefined {
  for (const one of given) {
    if (typeof one !== 'string' && typeof one !== 'number') continue
    const text = String(one).trim()
    const place = [
      labels.indexOf(text),
      /^[A-Z]$/i.test(text) ? LETTERS.indexOf(text.toUpperCase()) : -1,
      /^\d{1,2}$/.test(text) && labels.length === 0 ? Number(text) : -1,
      choices.indexOf(text),
    ].find((at) => at >= 0 && at < choices.length)
    if (place !== undefined) return LETTERS[place]
  }
  return undefined
}

/** ARC labels its choices A to D, or 1 to 4. */
function labelsOf(fields: Record<string, unknown>): string[] {
  const choices = readJson(fields['choices'])
  const labels = isObject(choices) ? choices['label'] : undefined
  return Array.isArray(labels) ? labels.map(String) : []
}

function shownChoices(choices: readonly string[]): string {
  const lines = choices.map((text, i) => `${LETTERS[i]}. ${text}`)
  return `${lines.join('\n')}\n\nAnswer with the letter of the right choice.`
}
