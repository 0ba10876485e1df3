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

const hour = (perHour: number) => ({ kind: 'hour', perHour }) as const

/** Worked out by hand: an hour at 1 request/s and 100 tokens/s is 3,600 requests and 360,000 tokens. */
export const FIVE: MadeUp[] = [
  {
    ...{ name: 'fp16', graded: 1000, passed: 960, price: hour(7.2) },
    ...{ ttftP95: [800, 760, 840], tokensPerS: [100, 90, 110], completedPerS: [1, 0.9, 1.1] },
  },
  {
    ...{ name: 'fp8', graded: 1000, passed: 950, price: hour(3.6) },
    ...{ ttftP95: [500, 480, 520], tokensPerS: [200, 190, 210], completedPerS: [2, 1.9, 2.1] },
  },
  // As fast as fp8, and worse beyond doubt.
  {
    ...{ name: 'int4', graded: 1000, passed: 800, price: hour(3.6) },
    ...{ ttftP95: [540, 525, 560], tokensPerS: [200, 190, 210], completedPerS: [2, 1.9, 2.1] },
  },
  // The fastest, but below the floor.
  {
    ...{ name: 'int2', graded: 1000, passed: 600, price: hour(1.8) },
    ...{ ttftP95: [200, 190, 210], tokensPerS: [400, 390, 410], completedPerS: [4, 3.9, 4.1] },
  },
  // A little better and slower than fp16: its lead in quality may be chance.
  {
    ...{ name: 'bf16', graded: 1000, passed: 970, price: hour(7.2) },
    ...{ ttftP95: [900, 850, 950], tokensPerS: [90, 85, 95], completedPerS: [0.9, 0.85, 0.95] },
  },
]
