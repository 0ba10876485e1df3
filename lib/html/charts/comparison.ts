import type { Detail, Run } from '../../runs/index.ts'
import type { Chart, Color, Values } from '../chart.ts'
import { curveChart, curveLine, NAMES } from './distribution.ts'
import { endOf, limitsOf, middlesOf, timeLine } from './time.ts'

/** One run of a side of a comparison, and what the page calls it. */
export interface Side {
  label: string
  run: Run
}

const METRICS = ['ttft', 'tpot', 'e2e'] as const

/** Both distributions over each other, by percentile; empty without records on both sides. */
export function overlaidCurves(before: Side, after: Side): Chart[] {
  return METRICS.flatMap((metric) => {
    const line = ({ label, run }: Side, color: Color) => {
      const curve = run.detail?.curves.find((one) => one.metric === metric)
      return curve === undefined ? undefined : curveLine(label, color, curve)
    }
    const [was, is] = [line(before, 'before'), line(after, 'after')]
    return was && is ? [curveChart(`${NAMES[metric]} by percentile`, [was, is])] : []
  })
}

/** Both runs over each other, from the start of their load; empty without records on both sides. */
export function overlaidTimes(before: Side, after: Side): Chart[] {
  const [was, is] = [before.run.detail?.series, after.run.detail?.series]
  if (was === undefined || is === undefined) return []
  const end = Math.max(endOf(was), endOf(is))
  const chart = (title: string, unit: string, of: (series: Detail['series']) => Values): Chart => ({
    title,
    unit,
    x: [],
    xLabel: 's',
    xRange: [0, end],
    overTime: true,
    lines: [
      { ...timeLine(before.label, 'before', of(was)), x: middlesOf(was) },
      { ...timeLine(after.label, 'after', of(is)), x: middlesOf(is) },
    ],
  })
  const limits = (metric: (typeof METRICS)[number]) => limitsOf(after.run.report, metric)
  return [
    { ...chart('TTFT p95', 'ms, by due time', (s) => s.ttftP95), limits: limits('ttft') },
    { ...chart('TPOT p95', 'ms, by due time', (s) => s.tpotP95), limits: limits('tpot') },
    chart('In flight', 'requests', (s) => s.inFlight),
    chart('Output', 'tokens/s received', (s) => s.tokensPerS),
  ]
}
