import { choice } from './choice.ts'
import { degeneration } from './degeneration.ts'
import { f1 } from './f1.ts'
import { json, jsonSchema } from './json.ts'
import { contains, exact, same } from './match.ts'
import { number } from './number.ts'
import { regex } from './pattern.ts'
import { withoutReasoning } from './reasoning.ts'
import { toolCall } from './tool-call.ts'
import { REASONS_OF_GRADES } from './types.ts'
import type { Graded, GradedAnswer, Grader, Task } from './types.ts'

/** The project's own graders by the name that GRADER, data sets and results use. */
export const GRADERS = {
  exact,
  same,
  contains,
  regex,
  choice,
  number,
  json,
  json_schema: jsonSchema,
  tool_call: toolCall,
  f1,
  degeneration,
} as const satisfies Record<string, Grader>

export type GraderName = keyof typeof GRADERS

/** The names of the project's own graders. */
export function graderNames(): readonly string[] {
  return Object.keys(GRADERS)
}

/** The reasons that an answer may not pass for. */
export function gradeReasons(): readonly string[] {
  return REASONS_OF_GRADES.filter((reason) => reason !== 'ok')
}

/** An expected text that is a number and nothing else. */
const NUMBER = /^\s*-?[$\u00a3\u20ac]?\d[\d.,]*\s*%?\s*$/
/** Longest expected text, in words, that an answer is expected to hold as it stands. */
const SHORT = 8

/**
 * The graders that fit a task by themselves: one for its right answer, where it has one that can be checked,
 * and `degeneration`, which fits every text.
 */
export function fittingGraders(task: Task): readonly string[] {
  return task.graders ?? [...rightAnswer(task), 'degeneration']
}

function rightAnswer(task: Task): GraderName[] {
  const { expected = [], kind, pattern, schema, json: isJson, tools, calls } = task
  if (calls !== undefined || tools !== undefined) return ['tool_call']
  if (schema !== undefined) return ['json_schema']
  if (isJson === true) return ['json']
  if (pattern !== undefined) return ['regex']
  if (expected.length === 0) return []
  if (kind !== undefined) return [kind]
  if (expected.every((one) => NUMBER.test(one))) return ['number']
  // A long reference answer is one of many good ones: no text has to repeat it.
  const short = expected.every((one) => one.trim().split(/\s+/).length <= SHORT)
  return short ? ['contains'] : []
}

/** The grades of one answer, and the graders that could not judge it. */
export interface Grading {
  readonly grades: readonly Graded[]
  /** Graders that threw: of the script's own, or for a schema or pattern that cannot be used. */
  readonly broken: readonly string[]
}

/**
 * Grades an answer. What is wrong with one that was cut off is that it was cut off.
 * @param wanted names of graders; undefined: those that fit the task
 * @param own a script's own graders by name
 */
export function gradeAnswer(
  answer: GradedAnswer,
  task: Task,
  wanted: readonly string[] | undefined,
  own: Readonly<Record<string, Grader>> = {},
): Grading {
  const plain = { ...answer, text: withoutReasoning(answer.text) }
  const grades: Graded[] = []
  const broken: string[] = []
  for (const grader of wanted ?? [...fittingGraders(task), ...Object.keys(own)]) {
    const grade = Object.hasOwn(own, grader) ? own[grader] : GRADERS[grader as GraderName]
    if (grade === undefined) continue
    try {
      const found = grade(plain, task)
      if (found === undefined) continue
      const cut = !found.passed && task.whole === true && plain.finish === 'length'
      grades.push({ ...found, grader, ...(cut && { reason: 'cut_off' as const }) })
    } catch {
      broken.push(grader)
    }
  }
  return { grades, broken }
}
