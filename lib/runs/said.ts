import type { RequestRecord } from '../records/index.ts'
import type { Report } from '../results/index.ts'
import { cleanText } from '../safe-text/index.ts'

/** The first words that were said with each reason of failure, by outcome and reason. */
export type Said = ReadonlyMap<string, string>

const longest = 200
/** There are far fewer reasons; a file from elsewhere may have any. */
const mostReasons = 200

/** Keeps one example per reason of the server's (or the engine's) own words, cleaned and at most 200 characters long. */
export function createSaid(): { add(record: RequestRecord): void; said: Said } {
  const said = new Map<string, string>()
  return {
    said,
    add({ outcome, reason, message }) {
      if (message === undefined || message === '' || said.size >= mostReasons) return
      const key = keyOf(outcome, reason)
      if (!said.has(key)) said.set(key, cleanText(message, longest))
    },
  }
}

/** The report with an example for each reason of which there is one. */
export function withSaid(report: Report, said: Said): Report {
  const outcomes = report.outcomes.map((of) => ({
    ...of,
    reasons: of.reasons.map((one) => {
      const example = said.get(keyOf(of.outcome, one.reason))
      return example === undefined ? one : { ...one, example }
    }),
  }))
  return { ...report, outcomes }
}

/** The report without what only readers of records and reviews add to it: examples of words, and kept answers. */
export function withoutAdded({ answers: _answers, ...report }: Report): Report {
  const outcomes = report.outcomes.map((of) => ({
    ...of,
    reasons: of.reasons.map(({ reason, count }) => ({ reason, count })),
  }))
  return { ...report, outcomes }
}

function keyOf(outcome: string, reason: string): string {
  return `${outcome} ${reason}`
}
