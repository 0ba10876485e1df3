import type { ExchangeResult, Session } from '../exchange/index.ts'
import { firstNotKept, isKept, MOST_KEPT } from '../load/index.ts'
import { shownPrompt, shownTask, taskOf } from '../workload/index.ts'
import type { WorkloadRequest } from '../workload/index.ts'
import { recordAnswer } from './records.ts'
import { warn } from './say.ts'
import type { PreparedTest } from './types.ts'

/** Keeps the texts of a share of the requests. */
export interface AnswerKeeper {
  /** Asked before a request is sent, as only these answers keep their text. */
  wants(n: number, turn: number | undefined): boolean
  /** Once all times of the request are taken: writes a line after that of the request's record. */
  keep(id: string, result: ExchangeResult, wanted: WorkloadRequest, redact: Session['redact']): void
}

/** @returns undefined where no texts are kept */
export function createAnswerKeeper({
  config,
}: Pick<PreparedTest, 'config'>): AnswerKeeper | undefined {
  const share = config.values.KEEP_ANSWERS
  if (share === 0) return undefined
  const last = firstNotKept(share)
  return {
    wants(n, turn = 0) {
      // One VU gets this request, so it is said once per k6 scenario.
      if (n === last && turn <= 1) {
        warn(
          `KEEP_ANSWERS: ${MOST_KEPT} answers are kept, and no more; a smaller share spans a longer run`,
        )
      }
      return isKept(share, config.load.seed, n, turn)
    },
    keep(id, { text = '', toolCalls = [] }, wanted, redact) {
      const texts = {
        prompt: shownPrompt(wanted.request),
        answer: text,
        toolCalls,
        expected: shownTask(taskOf(wanted)),
      }
      recordAnswer(id, texts, redact)
    },
  }
}

/** @param pattern what becomes `***`, as REDACT gives it */
export function createMask(pattern: string | undefined): (text: string) => string {
  if (pattern === undefined) return (text) => text
  const matches = new RegExp(pattern, 'g')
  return (text) => text.replace(matches, '***')
}
