import { NONE, count, plusMinusPercent } from '../tables/index.ts'
import type { Shown } from '../tables/index.ts'
import type { Candidate } from './frontier.ts'

/** What each grader says of each result: schema and tool validity among them. */
export function validityShown(candidates: readonly Candidate[]): Shown {
  const scores = candidates.map(({ run }) =>
    (run.report.quality?.scores ?? []).filter(({ by }) => by === 'measured'),
  )
  const graders = [...new Set(scores.flat().map(({ grader }) => grader))]
  return {
    title: 'Answers that pass, by grader',
    status: 'none',
    facts: [],
    heading: ['', 'graded', ...graders.map((name) => (name === 'all' ? 'every grader' : name))],
    rows: candidates.map(({ name }, i) => {
      const of = (grader: string) => scores[i]!.find((one) => one.grader === grader)
      const cells = graders.map((grader) => {
        const own = of(grader)
        return own === undefined ? NONE : plusMinusPercent(own.score, own)
      })
      return [name, count(of('all')?.graded ?? 0), ...cells]
    }),
    notes: [],
  }
}
