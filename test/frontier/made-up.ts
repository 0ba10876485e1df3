import { frontierOf } from '../../lib/frontier/index.ts'
import type { Candidate, FrontierOptions, Price } from '../../lib/frontier/index.ts'
import { makeRun } from '../../lib/runs/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { build, rate } from '../report/made-up.ts'

/** A result of which the figures that matter here are known, with intervals. */
export interface MadeUp {
  name: string
  graded: number
  passed: number
  /** ms, with its interval. */
  ttftP95: readonly [value: number, low: number, high: number]
  tokensPerS: readonly [value: number, low: number, high: number]
  completedPerS: readonly [value: number, low: number, high: number]
  price?: Price | undefined
  missed?: boolean
}

const interval = ([, low, high]: readonly [number, number, number]) => ({
  low,
  high,
  effectiveSamples: null,
  needs: null,
})

/** A candidate as its files would give it. */
export function candidate(made: MadeUp): Candidate {
  const { name, graded, passed, ttftP95, tokensPerS, completedPerS } = made
  const report = build(
    { 'llm_answer_passed{measured:true}': rate(passed, graded) },
    { graders: { names: ['number'], reasons: ['wrong'] } },
  )
  const { measured } = report
  const own: Report = {
    ...report,
    slo: made.missed ? [{ ...report.slo[0]!, title: 'TPOT p95', verdict: 'missed' }] : [],
    measured: {
      ...measured,
      outputTokensPerS: tokensPerS[0],
      completedPerS: completedPerS[0],
      metrics: {
        ...measured.metrics,
        llm_ttft: { ...measured.metrics['llm_ttft']!, kind: 'trend', p95: ttftP95[0] } as never,
      },
      intervals: {
        'llm_ttft.p95': interval(ttftP95),
        outputTokensPerS: interval(tokensPerS),
        completedPerS: interval(completedPerS),
      },
    },
  }
  const run = makeRun(name, { results: own }, { results: [], records: [], pods: 1, notes: [] })
  return { name, run: { ...run, report: own }, price: made.price }
}

export function frontierOfMadeUp(all: readonly MadeUp[], options: Partial<FrontierOptions> = {}) {
  const defaults = { against: ['ttft_p95'], grader: 'all', limits: [], currency: 'USD' }
  return frontierOf(all.map(candidate), { ...defaults, ...options })
}
