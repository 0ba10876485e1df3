import { outcomeKind } from '../metrics/index.ts'
import { randomSource } from '../random/index.ts'
import type { AnswerRecord, GradeRecord, RequestRecord } from '../records/index.ts'
import { ANSWER_LISTS } from '../results/index.ts'
import type { AnswerList, AnswerListName } from '../results/index.ts'
import { shownRequest } from './shown-request.ts'
import type { Tail, TailAnswer } from './detail-types.ts'

/** Answers in a list. */
const MOST_LISTED = 20
/** Requests whose answer may still follow: the lines of several VUs lie between, never so many. */
const MOST_AWAITED = 5_000

/** What puts an answer into a list: the smaller, the earlier in the list; undefined where it is none of the list. */
type Rank = (record: RequestRecord) => number | undefined

const RANKS: Record<AnswerListName, Rank> = {
  not_passed: ({ grades = [] }) =>
    grades.some(({ passed }) => !passed) ? meanScore(grades) : undefined,
  failed: ({ outcome }) => (outcomeKind(outcome) === 'failed' ? 0 : undefined),
  slowest_ttft: ({ ttftMs }) => ttftMs && -ttftMs,
  slowest_e2e: ({ e2eMs }) => e2eMs && -e2eMs,
}

interface Ranked {
  readonly rank: number
  /** Orders those of equal rank, evenly over the run. */
  readonly lot: number
  readonly record: RequestRecord
  readonly texts: AnswerRecord
}

/**
 * Picks the kept answers of measured phases that are worth reading. Holds a bounded number of them.
 * Of equally bad ones a random part is taken, the same for every reader of the records.
 * @param judged what a judge said after the run, by the request's id: here it is a grader like others
 */
export function createTail(judged: ReadonlyMap<string, GradeRecord> = new Map()) {
  const awaited = new Map<string, RequestRecord>()
  const lists = ANSWER_LISTS.map((list) => ({ list, count: 0, best: [] as Ranked[] }))
  let kept = 0

  return { add, addAnswer, tail }

  /** Takes the request of an answer that may follow. */
  function add(record: RequestRecord): void {
    const grade = judged.get(record.id)
    const graded = grade && { ...record, grades: [...(record.grades ?? []), grade] }
    awaited.set(record.id, graded ?? record)
    if (awaited.size <= MOST_AWAITED) return
    for (const oldest of awaited.keys()) return void awaited.delete(oldest)
  }

  function addAnswer(texts: AnswerRecord): void {
    const record = awaited.get(texts.id)
    awaited.delete(texts.id)
    if (record === undefined || !record.measured) return
    kept++
    let lot: number | undefined
    for (const list of lists) {
      const rank = RANKS[list.list](record)
      if (rank === undefined) continue
      list.count++
      lot ??= randomSource(0, texts.id)()
      insert(list.best, { rank, lot, record, texts })
    }
  }

  /** @returns undefined where no answer was kept */
  function tail(): Tail | undefined {
    if (kept === 0) return undefined
    const answers = new Map<string, TailAnswer>()
    for (const { list, best } of lists) {
      for (const { record, texts } of best) {
        const { id } = record
        const known = answers.get(id)
        if (known !== undefined) known.lists.push(list)
        else
          answers.set(id, {
            lists: [list],
            request: shownRequest(record),
            grades: record.grades ?? [],
            texts,
          })
      }
    }
    return { kept, lists: lists.map(listed), answers: [...answers.values()] }
  }
}

function listed({
  list,
  count,
  best,
}: {
  list: AnswerListName
  count: number
  best: Ranked[]
}): AnswerList {
  return { list, count, ids: best.map(({ record }) => record.id) }
}

function insert(best: Ranked[], one: Ranked): void {
  const last = best[MOST_LISTED - 1]
  if (last !== undefined && compare(one, last) >= 0) return
  best.push(one)
  best.sort(compare)
  if (best.length > MOST_LISTED) best.pop()
}

function compare(a: Ranked, b: Ranked): number {
  return a.rank - b.rank || a.lot - b.lot
}

function meanScore(grades: readonly GradeRecord[]): number {
  return grades.reduce((sum, { score }) => sum + score, 0) / grades.length
}
