import type { Budget, JudgedItem, Judgement } from '../../lib/judge/index.ts'
import { judgeOne } from './one.ts'
import type { Judging } from './one.ts'

/** An answer that is to be judged, for the first or a further time. */
export interface Task {
  item: JudgedItem
  nth: number
}

/** Why a session ended: everything was asked for, a budget, a signal, or the judge is of no use. */
export type Ended = 'all' | 'budget' | 'signal' | 'judge'

/** So many answers in a row without a score, and the judge is not asked any more. */
export const MOST_IN_ROW = 10

/** What became of a session. */
export interface Session {
  ended: Ended
  /** The bound that ended it. */
  reached: Budget['reached']
  /** The last answer without a score, and whether no other would have fared better. */
  failure: (Judgement & { hopeless: boolean }) | undefined
}

/**
 * Judges answers, several at a time.
 * @param onJudged is told of each as soon as it is judged, and keeps it
 */
export async function judgeAll(
  tasks: readonly Task[],
  judging: Judging,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
  onJudged: (judgement: Judgement) => Promise<void>,
): Promise<Session> {
  let next = 0
  let inRow = 0
  let ended: Ended = 'all'
  let failure: Session['failure']

  async function worker(): Promise<void> {
    while (ended === 'all') {
      const task = tasks[next++]
      if (task === undefined) return
      const judged = await judgeOne(task.item, task.nth, judging)
      if (judged === undefined) return stop()
      const { judgement, hopeless } = judged
      await onJudged(judgement)
      if (judgement.outcome === 'unfinished') return stop()
      inRow = judgement.outcome === 'scored' ? 0 : inRow + 1
      if (judgement.outcome !== 'scored') failure = { ...judgement, hopeless }
      if (hopeless || inRow >= MOST_IN_ROW) ended = 'judge'
    }
  }

  function stop(): void {
    if (ended === 'all') ended = signal.aborted ? 'signal' : 'budget'
  }

  const workers = Array.from({ length: Math.min(concurrency, tasks.length) }, () =>
    worker().catch((error: unknown) => {
      // What cannot be kept is not asked for.
      ended = 'judge'
      throw error
    }),
  )
  const [lost] = (await Promise.allSettled(workers)).filter((one) => one.status === 'rejected')
  if (lost !== undefined) throw lost.reason
  return { ended, failure, reached: judging.budget.reached }
}
