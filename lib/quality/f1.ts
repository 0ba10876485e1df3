import { failed, PASSED } from './grade.ts'
import { squadWords } from './normalise.ts'
import type { Grade, Grader } from './types.ts'

/** Lowest F1 with which an answer counts as right. */
export const F1_PASSES = 0.5

/**
 * Token F1 of SQuAD's evaluation (evaluate-v1.1.py): the harmonic mean of precision and recall over the words
 * that answer and expected text share, by the best of several expected texts. Right from `F1_PASSES` on.
 */
export const f1: Grader = ({ text }, { expected }): Grade | undefined => {
  if (expected === undefined || expected.length === 0) return undefined
  const given = squadWords(text)
  const score = Math.max(...expected.map((one) => overlap(given, squadWords(one))))
  if (score === 1) return PASSED
  if (score >= F1_PASSES) return { score, passed: true, reason: 'ok' }
  return { ...failed(text.trim() === '' ? 'empty' : 'different'), score }
}

function overlap(given: readonly string[], wanted: readonly string[]): number {
  // As in the evaluation: two texts without words are alike, one without is unlike any other.
  if (given.length === 0 || wanted.length === 0) return given.length === wanted.length ? 1 : 0
  const left = new Map<string, number>()
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of given) {
    const times = left.get(word) ?? 0
    if (times === 0) continue
    left.set(word, times - 1)
    common++
  }
  return (2 * common) / (given.length + wanted.length)
}
