import { failed, PASSED } from './grade.ts'
import { misfit } from './json.ts'
import type { CalledTool, ExpectedCall, Grade, Grader } from './types.ts'

/**
 * The answer calls tools as it should: each call names a tool of the task, with arguments that are a JSON
 * object and fit the tool's schema. Where calls are expected, these are made, in any order, and no others;
 * arguments are compared by value, whatever the order of their keys. Where the model may decide whether it
 * calls, an answer without a call is not graded.
 */
export const toolCall: Grader = ({ text, toolCalls }, { tools = [], calls, mustCall }) => {
  if (tools.length === 0 && calls === undefined) return undefined
  if (toolCalls.length === 0) {
    if (WRITTEN_CALL.test(text)) return failed('call_as_text')
    if (calls?.length === 0) return PASSED
    return calls !== undefined || mustCall === true ? failed('no_call') : undefined
  }
  if (calls?.length === 0) return failed('call_count')
  const schemas = schemasOf(tools)
  const read: ReadCall[] = []
  for (const [i, call] of toolCalls.entries()) {
    const found = readCall(call, schemas, `call ${i + 1}`)
    if ('reason' in found) return found
    read.push(found)
  }
  return calls === undefined ? PASSED : compared(read, calls)
}

/** As models write calls that no parser of the server took up. */
const WRITTEN_CALL =
  /<\|?tool_?calls?|<function[=_]|\[TOOL_CALLS\]|<\|python_tag\|>|"(?:arguments|parameters)"\s*:\s*\{/i

interface ReadCall {
  name: string
  values: Readonly<Record<string, unknown>>
}

/** Schema of each tool's arguments; undefined where any will do. */
function schemasOf(tools: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(
    tools.flatMap((tool) => {
      // OpenAI's chat form has a function in it; its Responses API and Anthropic's have none.
      const own = (objectOr(tool)['function'] ?? tool) as unknown
      const { name, parameters, input_schema: schema } = objectOr(own)
      return typeof name === 'string' ? [[name, parameters ?? schema] as const] : []
    }),
  )
}

function readCall(
  call: CalledTool,
  schemas: ReadonlyMap<string, unknown>,
  where: string,
): ReadCall | Grade {
  if (schemas.size > 0 && !schemas.has(call.name)) return failed('wrong_tool', where)
  let values: unknown
  try {
    // Without arguments some servers send an empty text.
    values = call.arguments.trim() === '' ? {} : JSON.parse(call.arguments)
  } catch {
    return failed('bad_arguments', where)
  }
  if (!isObject(values)) return failed('bad_arguments', where)
  const schema = schemas.get(call.name)
  const place = schema === undefined ? undefined : misfit(schema, values)
  return place === undefined
    ? { name: call.name, values }
    : failed('arguments_schema', `${where} ${place}`)
}

function compared(read: readonly ReadCall[], calls: readonly ExpectedCall[]): Grade {
  const left = [...read]
  let met = 0
  let worst: 'wrong_tool' | 'arguments_differ' | undefined
  for (const { name, arguments: wanted } of calls) {
    const fits = left.findIndex(
      (call) => call.name === name && (wanted === undefined || sameValue(call.values, wanted)),
    )
    if (fits >= 0) {
      left.splice(fits, 1)
      met++
    } else worst ??= left.some((call) => call.name === name) ? 'arguments_differ' : 'wrong_tool'
  }
  if (met === calls.length && left.length === 0) return PASSED
  const score = met / Math.max(calls.length, read.length)
  const reason = read.length === calls.length ? (worst ?? 'call_count') : 'call_count'
  return { ...failed(reason), score }
}

/** Equal as JSON values; a number written as text is another value. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => sameValue(one, b[i]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOr(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}
