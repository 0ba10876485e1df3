import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { dueOf } from '../../lib/runs/index.ts'

/**
 * Counts the requests of one phase that began and have no answer yet. Records tell of finished requests alone, but
 * the iterations of a k6 scenario are numbered, so that a gap among the numbers is one in flight.
 */
export interface Unanswered {
  add(record: RequestRecord): void
  /**
   * How many of those due before a time have no answer.
   * @param endMs ms from the start of the load
   */
  before(endMs: number): number
}

/** @param plan its loop and phases: where nothing at all is answered any more, they say how much was sent */
export function createUnanswered(plan: RunRecord['run']['plan'], phase: string): Unanswered {
  const dues = new Map<number, number>()
  let [lastDueMs, lastEndMs] = [-Infinity, -Infinity]

  return { add, before }

  function add(record: RequestRecord): void {
    lastEndMs = Math.max(lastEndMs, record.endMs)
    // Later turns of a conversation begin when the one before has been answered.
    if (record.phase !== phase || (record.turn ?? 1) > 1) return
    const n = numberOf(record)
    if (n !== undefined) dues.set(n, dueOf(record))
    lastDueMs = Math.max(lastDueMs, dueOf(record))
  }

  function before(endMs: number): number {
    let [first, answered, next, last] = [Infinity, 0, Infinity, -Infinity]
    for (const [n, due] of dues) {
      first = Math.min(first, n)
      if (due >= endMs) next = Math.min(next, n)
      else {
        answered++
        last = Math.max(last, n)
      }
    }
    if (answered === 0) return 0
    // What is numbered between those due before and those due later is due before.
    const until = next === Infinity ? last + 1 : Math.max(last + 1, next)
    return until - first - answered + (lastEndMs < endMs ? silent(endMs) : 0)
  }

  /** Requests sent since the last answer came, where none has come for longer than the longest answer took. */
  function silent(endMs: number): number {
    const level = plan.phases.find(({ name }) => name === phase)?.to ?? 0
    const perMs = plan['loop'] === 'open' ? level / 1000 : undefined
    return perMs === undefined ? Math.ceil(level) : Math.floor(perMs * (endMs - lastDueMs))
  }
}

/** The number of a record's iteration: ids are `scenario-number`, and `scenario-number-turn` of conversations. */
function numberOf({ id, turn }: RequestRecord): number | undefined {
  const [, n] = (turn === undefined ? /-(\d+)$/ : /-(\d+)-\d+$/).exec(id) ?? []
  return n === undefined ? undefined : Number(n)
}
