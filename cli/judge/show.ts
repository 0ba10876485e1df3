import type { JudgeHead } from '../../lib/judge/index.ts'
import { judgeRows, qualityTable } from '../../lib/report/index.ts'
import type { JudgeReport } from '../../lib/results/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { count, many } from '../../lib/tables/index.ts'
import type { Output } from '../output/index.ts'
import { MOST_IN_ROW } from './session.ts'
import type { Ended, Session } from './session.ts'

/** What is about to be done. */
export function progressText(answers: number, tasks: number, { settings, url }: JudgeHead): string {
  const kept = many(answers, 'kept answer')
  return tasks === 0
    ? `${kept}, all judged already`
    : `${kept}; ${many(tasks, 'judgement')} to ask ${settings.model} at ${url} for`
}

/** What the judge said, and what became of its requests. */
export function judgeOutput({ name, report }: Run, ended: Ended): Output {
  const { quality } = report
  const scores = quality?.scores.filter(({ grader }) => grader === 'judge') ?? []
  const own = quality && { ...quality, scores, reasons: [] }
  const shown = {
    ...qualityTable({ ...report, quality: own }),
    title: `Judged answers of ${name}`,
    status: 'none' as const,
    facts: judgeRows(report).map(([label, text]) => `${label}: ${text}`),
    notes: [BIAS],
  }
  const data = {
    ...{ format: 'k6-inference-judge', version: 1, run: report.run, ended },
    ...{ scores, judge: quality?.judge },
  }
  return { shown: [shown], data }
}

const BIAS =
  'Intervals hold the chance of which answers were judged, not what is wrong with the judge: read a sample of its reasons (judged.jsonl) before anything rests on it.'

/** How a session ended, and what can be done about it. */
export function endText(
  session: Session | undefined,
  judge: JudgeReport | undefined,
  file: string,
): string {
  const last = session?.failure
  const words = [last?.outcome.replace(/_/g, ' '), last?.problem, last?.message]
  const why = words.filter((word) => word !== undefined && word !== '').join(': ')
  const kept = judge === undefined ? '' : `; what was judged is in ${file}`
  const unscored = judge === undefined ? 0 : judge.badFormat + judge.timedOut + judge.failed
  switch (session?.ended) {
    case 'judge':
      return `stopped: the judge is of no use (${last?.hopeless === true ? 'no request can fare better' : `${MOST_IN_ROW} answers in a row without a score`}); last: ${why}${kept}. The same command goes on`
    case 'budget':
      return `ended at --${session.reached ?? 'max-requests'}${kept}. With a larger one the same command goes on`
    case 'signal':
      return `stopped by a signal${kept}. The same command goes on`
    default:
      return unscored === 0
        ? `wrote ${file}; report, compare and frontier show it`
        : `${many(unscored, 'answer')} got no score, last: ${why || 'see the file'}${kept}. The same command asks again for what timed out or failed`
  }
}

/** Judgements so far, for the line that changes. */
export function liveText(done: number, of: number): string {
  return `  judge: ${count(done)} of ${count(of)}`
}
