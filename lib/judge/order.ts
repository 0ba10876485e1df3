import { textHash } from './hash.ts'
import type { JudgedItem, Judgement, JudgeOutcome } from './types.ts'

/**
 * The order in which answers are judged: mixed, and in turns of the phases, so that whatever a budget ends is an even
 * sample. The same for the same ids, so that another session goes on with the same sample.
 */
export function inJudgingOrder<T extends Pick<JudgedItem, 'id' | 'labels'>>(
  items: readonly T[],
): T[] {
  const mixed = items
    .map((item) => ({ item, key: textHash(item.id) + item.id }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const seen = new Map<string, number>()
  const turns = mixed.map(({ item }) => {
    const turn = seen.get(item.labels.phase) ?? 0
    seen.set(item.labels.phase, turn + 1)
    return { item, turn }
  })
  return turns.sort((a, b) => a.turn - b.turn).map(({ item }) => item)
}

/** Whether to ask for a judgement: there is none yet, or the last attempt failed in a way that another may not. */
export function needsJudging(last: Judgement | undefined): boolean {
  return last === undefined || !FINAL.includes(last.outcome)
}

/** A judge that twice left the format would do so again, at temperature 0. */
const FINAL: readonly JudgeOutcome[] = ['scored', 'bad_format']
