import { count, percent } from '../../tables/index.ts'
import type { Table } from '../../tables/index.ts'
import type { Report } from '../../results/index.ts'
import { judgeRows } from './judge-rows.ts'
import { partName, shownParts } from './scopes.ts'

/** Scores of graded answers by grader and part of the run; empty where none was graded. */
export function qualityTable({ quality }: Report): Table {
  const scores = quality?.scores ?? []
  const graders = [...new Set(scores.map(({ grader }) => grader))]
  const rows = graders.flatMap((grader) => {
    const own = scores.filter((score) => score.grader === grader)
    return shownParts(own).map((score, i) => [
      i === 0 ? (grader === 'all' ? 'every grader' : grader) : '',
      partName(score),
      count(score.graded),
      count(score.passed),
      percent(score.score),
      `${percent(score.low)} to ${percent(score.high)}`,
    ])
  })
  const interval = `${percent(scores[0]?.confidence)} interval`
  const heading = ['quality', '', 'graded', 'passed', 'score', interval]
  return { heading, align: 'llrrrr', rows }
}

/** Why graded answers did not pass, and what became of a judge's requests, as rows of a label and a text. */
export function qualityRows(report: Report): [string, string][] {
  const reasons = report.quality?.reasons ?? []
  const graders = [...new Set(reasons.map(({ grader }) => grader))]
  const rows = graders.map((grader): [string, string] => {
    const own = reasons.filter((one) => one.grader === grader)
    const text = own.map((one) => `${one.reason.replace(/_/g, ' ')} ${count(one.count)}`)
    return [`not passed: ${grader}`, text.join(', ')]
  })
  return [...rows, ...judgeRows(report)]
}
