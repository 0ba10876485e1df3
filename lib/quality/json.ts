import { Validator, type Schema } from '@cfworker/json-schema'
import { failed, PASSED } from './grade.ts'
import type { Grade, GradedAnswer, Grader } from './types.ts'

/** The whole answer is one JSON object or list, as a program would parse it. */
export const json: Grader = (answer, { json: wanted, schema }) => {
  if (wanted !== true && schema === undefined) return undefined
  return readJson(answer).problem ?? PASSED
}

/**
 * The whole answer is JSON of the task's schema (drafts 4 to 2020-12, read as 2020-12; `format` is checked).
 * @throws Error for a schema that cannot be used
 */
export const jsonSchema: Grader = (answer, { schema }) => {
  if (schema === undefined) return undefined
  const { value, problem } = readJson(answer)
  if (problem !== undefined) return problem
  const place = misfit(schema, value)
  return place === undefined ? PASSED : failed('schema', place)
}

function readJson({ text, finish }: GradedAnswer): { value?: unknown; problem?: Grade } {
  const plain = text.trim()
  if (plain === '') return { problem: failed('empty') }
  let value: unknown
  try {
    value = JSON.parse(plain)
  } catch {
    if (finish === 'length') return { problem: failed('cut_off') }
    return { problem: failed(isFenced(plain) ? 'fenced' : 'not_json') }
  }
  return typeof value === 'object' && value !== null ? { value } : { problem: failed('not_object') }
}

/** JSON between three backticks, and nothing else. */
function isFenced(text: string): boolean {
  const [, inside] = /^```\w*\s*\n([\s\S]*?)\n?```$/.exec(text) ?? []
  if (inside === undefined) return false
  try {
    return typeof JSON.parse(inside) === 'object'
  } catch {
    return false
  }
}

/** Validators by their schema: making one takes as long as using it. */
const validators = new WeakMap<object, Validator>()

/**
 * @returns where in the schema the value is against it, undefined where it fits
 * @throws Error for a schema that cannot be used, such as one with a reference to nowhere
 */
export function misfit(schema: unknown, value: unknown): string | undefined {
  const { valid, errors } = validatorOf(schema).validate(value)
  if (valid) return undefined
  // The place of a schema that is `false` is given as one in the answer, whose words stay out.
  const inSchema = errors.filter(({ keyword }) => keyword !== 'false')
  return inSchema[inSchema.length - 1]?.keywordLocation ?? '#'
}

function validatorOf(schema: unknown): Validator {
  if (typeof schema === 'boolean') return new Validator(schema, '2020-12')
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new Error(`a JSON schema is an object, true or false, not ${JSON.stringify(schema)}`)
  }
  const known = validators.get(schema)
  if (known !== undefined) return known
  // The library marks the objects that it is given, and these go to the server as well.
  const own = JSON.parse(JSON.stringify(schema)) as Schema
  const made = new Validator(own, '2020-12')
  validators.set(schema, made)
  return made
}
