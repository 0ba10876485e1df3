import type { JudgeReport, QualityReport, Report } from '../results/index.ts'
import type { Run } from '../runs/index.ts'
import { count, many } from '../tables/index.ts'
import { JUDGE, judgedAnswers, judgeReport, judgeScores } from './scores.ts'
import type { JudgedFile } from './file.ts'

const CONFIDENCE = 0.95

/** A run with what a judge said of its answers after it: scores, and of each request its score. */
export function withJudge(run: Run, file: JudgedFile): Run {
  const { head } = file
  if (head === undefined) return run
  const { report } = run
  const confidence = report.certainty?.confidence ?? CONFIDENCE
  const answers = judgedAnswers(file)
  const scores = judgeScores(answers, phasesOf(report), confidence)
  const bare = withoutJudge(report)
  const quality: QualityReport = bare.quality ?? { scores: [], reasons: [], failures: [] }
  const judged = { ...quality, scores: [...quality.scores, ...scores.filter((s) => s.graded > 0)] }
  const byId = new Map(answers.map(({ id, score }) => [id, score]))
  const judge = judgeReport({ ...file, head }, answers, confidence)
  return {
    ...run,
    report: {
      ...bare,
      quality: { ...judged, judge },
      warnings: [...bare.warnings, ...warningsOf(judge)],
      measured: { ...bare.measured, judgeScore: scores[0]?.score ?? null },
    },
    requests: run.requests?.map((request) => ({ ...request, judgeScore: byId.get(request.id) })),
  }
}

const NO_SCORE = 'judge_no_score'
/** Share of answers without a score from which the scores of the others may tell another story. */
const MANY = 0.02

function warningsOf({ scored, badFormat, timedOut, failed }: JudgeReport): Report['warnings'] {
  const without = badFormat + timedOut + failed
  const all = scored + without
  if (without <= all * MANY) return []
  const message = `${many(without, 'answer')} of ${count(all)} got no score from the judge: if those are the worse ones, its score is too good`
  return [{ type: NO_SCORE, message }]
}

/** A report as it was before its run was judged. */
export function withoutJudge(report: Report): Report {
  const { quality } = report
  if (quality?.judge === undefined) return report
  const { judgeScore: _, ...measured } = report.measured
  const warnings = report.warnings.filter(({ type }) => type !== NO_SCORE)
  const { judge: _judge, ...own } = quality
  const scores = own.scores.filter(({ grader }) => grader !== JUDGE)
  const graded = scores.length + own.reasons.length + own.failures.length > 0
  return { ...report, measured, warnings, quality: graded ? { ...own, scores } : null }
}

function phasesOf({ phases }: Report): string[] {
  return phases.filter(({ measured }) => measured).map(({ name }) => name)
}
