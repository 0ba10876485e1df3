import type { Comparison, FigureChange } from './compare.ts'
import { figureDef, FIGURE_IDS } from '../runs/index.ts'
import type { FigureDef } from '../runs/index.ts'
import { detectable } from './statistics/power.ts'

/** How much worse a figure may get: relative for ratios, in the figure's own unit for shares. */
export interface Tolerance {
  id: string
  /** Not negative. */
  by: number
}

export interface GateCase {
  id: string
  title: string
  tolerance: number
  scale: FigureDef['scale']
  change: FigureChange | undefined
  /** The smallest change for the worse that would fail this gate in 9 of 10 cases. */
  detectable: number | null
  /**
   * `failed`: worse than tolerated, and not by chance; `unclear`: worse than tolerated, but possibly by
   * chance, or without a value.
   */
  status: 'passed' | 'failed' | 'unclear'
  message: string
}

export interface Gate {
  format: 'k6-inference-gate'
  version: 1
  status: 'passed' | 'failed' | 'unclear' | 'not comparable'
  cases: GateCase[]
  comparison: Comparison
}

/**
 * Parses a tolerance: `ttft_p95=10%`, `error_share=1pp` (percentage points) or `error_share=0.01`.
 * @returns the tolerance, or what is wrong with it
 */
export function parseTolerance(text: string): Tolerance | { problem: string } {
  const [, id = '', number = '', unit = ''] =
    /^([^=]*)=\s*(\d+(?:\.\d+)?)\s*(%|pp|)$/.exec(text) ?? []
  const def = figureDef(id)
  const wrong = (why: string) => ({ problem: `tolerance "${text}": ${why}` })
  if (number === '')
    return wrong('accepted: FIGURE=NUMBER%, such as ttft_p95=10%, or error_share=1pp')
  if (def === undefined) return wrong(`there is no figure "${id}"; accepted: ${FIGURE_IDS}`)
  if (def.scale === 'ratio' && unit !== '%')
    return wrong(`${id} changes in per cent; accepted: ${id}=${number}%`)
  if (def.scale === 'difference' && unit === '%')
    return wrong(`${id} is a share itself; accepted: ${id}=${number}pp (percentage points)`)
  const by = Number(number) / (unit === '' ? 1 : 100)
  if (unit === '' && by > 1) return wrong(`a share is at most 1; accepted: ${id}=${number}pp`)
  return { id, by }
}

/**
 * Judges a comparison by tolerances. A figure fails when its change is worse than tolerated and is
 * a finding (see `compareRuns`); when it is worse but no finding, it is unclear.
 * @param comparison must contain the figure of every tolerance
 */
export function gate(comparison: Comparison, tolerances: readonly Tolerance[]): Gate {
  const cases = tolerances.map((tolerance) => gateCase(comparison, tolerance))
  const any = (status: GateCase['status']) => cases.some((c) => c.status === status)
  const judged = any('failed') ? 'failed' : any('unclear') ? 'unclear' : 'passed'
  const status = comparison.verdict === 'not comparable' ? 'not comparable' : judged
  return { format: 'k6-inference-gate', version: 1, status, cases, comparison }
}

function gateCase(comparison: Comparison, { id, by }: Tolerance): GateCase {
  const def = figureDef(id) as FigureDef
  const change = comparison.figures.find((figure) => figure.id === id)
  const base = {
    id,
    title: def.title,
    tolerance: by,
    scale: def.scale,
    change,
    detectable: change === undefined ? null : detectableOf(change, comparison, by),
  }
  if (change === undefined || change.change === null)
    return { ...base, status: 'unclear', message: 'has no value on one side' }
  const worse = def.better === 'lower' ? change.change : -change.change
  // Binary fractions: 0.02 - 0.01 is not quite 0.01.
  if (worse <= by + 1e-12) return { ...base, status: 'passed', message: 'within the tolerance' }
  // The gate's own tolerance replaces the smallest effect.
  if (change.adjustedP !== null && change.adjustedP <= comparison.alpha)
    return { ...base, status: 'failed', message: 'worse than tolerated' }
  const why = change.p === null ? 'how certain that is is not known' : 'it may be chance'
  return { ...base, status: 'unclear', message: `worse than tolerated, but ${why}` }
}

function detectableOf(change: FigureChange, { alpha, tests }: Comparison, by: number) {
  const { scale, standardError: error, df } = change
  if (error === null || df === null) return null
  return detectable({ scale, error, df }, alpha / tests, by)
}
