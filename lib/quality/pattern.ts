import { failed, PASSED } from './grade.ts'
import type { Grader } from './types.ts'

let last: { pattern: string; expression: RegExp } | undefined

/**
 * The answer matches the task's regular expression (`pattern`, with the flag `u` where it compiles with it).
 * @throws SyntaxError for one that this engine cannot read
 */
export const regex: Grader = ({ text }, { pattern }) => {
  if (pattern === undefined) return undefined
  if (last?.pattern !== pattern) last = { pattern, expression: compiled(pattern) }
  if (last.expression.test(text)) return PASSED
  return failed(text.trim() === '' ? 'empty' : 'different')
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}
