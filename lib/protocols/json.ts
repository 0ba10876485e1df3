import { isObject } from './effects.ts'
import type { Json } from './effects.ts'

const deepest = 1000
const mostBrackets = 200_000
const stringsAndBrackets = /"(?:[^"\\]|\\.)*"|[[\]{}]/g

/** @returns the JSON object in `body`; undefined when it is not one */
export function parseObject(body: string): Json | undefined {
  if (tooDeep(body)) return undefined
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * k6's engine parses JSON by recursion without a limit: two million brackets overflow Go's stack, which
 * ends the whole run. A text with few opening brackets cannot nest too deep and is not scanned further.
 */
function tooDeep(body: string): boolean {
  if (body.length < deepest || opened(body, '[') + opened(body, '{') < deepest) return false
  let depth = 0
  let brackets = 0
  stringsAndBrackets.lastIndex = 0
  for (let found; (found = stringsAndBrackets.exec(body)) !== null;) {
    const [token] = found
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    else continue
    if (depth > deepest || ++brackets > mostBrackets) return true
  }
  return false
}

/** @returns how many of these brackets there are, counted only as far as it matters */
function opened(body: string, bracket: string): number {
  let count = 0
  for (let at = body.indexOf(bracket); at >= 0 && count < deepest; count++) {
    at = body.indexOf(bracket, at + 1)
  }
  return count
}

/** Arguments of a call as JSON text: some servers send it as a text, others the value itself. */
export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
