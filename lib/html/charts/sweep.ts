import type { Report, ScopeReport, TrendStats } from '../../results/index.ts'
import { largest } from '../chart.ts'
import type { Chart, Line, Values } from '../chart.ts'
import { NAMES } from './distribution.ts'
import { limitsOf, timeLine } from './time.ts'

/** From this ratio on a linear axis would press the small values onto it. */
const LOG_FROM = 20

/**
 * Throughput against latency, one point per measured step, for three different loads and more. The points
 * are joined in the order of the load: past saturation latency grows and throughput no longer does, and
 * the line may turn back. Throughput is what the server gave in the step (tokens received), not what was
 * due in it: of a saturated server that is answered, but later.
 */
export function sweepCharts(report: Report): Chart[] {
  // Phases of other shapes differ in more than their load: a spike's recovery has its queue.
  if (!report.load.shape.endsWith('sweep')) return []
  const steps = report.phases
    .filter((phase) => phase.measured && phase.asked !== null && phase.completed)
    .sort((a, b) => (a.asked as number) - (b.asked as number))
  if (new Set(steps.map((step) => step.asked)).size < 3) return []
  const asked = steps.map((step) => step.asked)
  const same = report.load.loop === 'open' && report.load.unit === 'requests/s'
  return [
    trailChart(report, steps, 'ttft'),
    trailChart(report, steps, 'tpot'),
    byLoad(report, steps, 'Goodput by load', 'requests/s', [
      ...(same ? [{ label: 'asked', color: 'asked', kind: 'dashes', values: asked } as const] : []),
      {
        ...timeLine(
          'keeping every limit',
          'good',
          steps.map((step) => step.goodPerS),
          'points',
        ),
        ...bounds(steps, 'goodPerS'),
      },
    ]),
    byLoad(report, steps, 'Output by load', 'tokens/s', [
      {
        ...timeLine(
          'tokens/s',
          'tokens',
          steps.map((step) => step.outputTokensPerS),
          'points',
        ),
        ...bounds(steps, 'outputTokensPerS'),
      },
    ]),
  ].filter(({ lines }) => lines.some(({ color, values }) => color !== 'asked' && values.length > 0))
}

function trailChart(report: Report, steps: readonly ScopeReport[], metric: 'ttft' | 'tpot'): Chart {
  const p95 = (step: ScopeReport) =>
    (step.metrics[`llm_${metric}`] as TrendStats | undefined)?.p95 ?? null
  const known = steps.filter((step) => step.outputTokensPerS !== null && p95(step) !== null)
  const sorted = [...known].sort((a, b) => (a.outputTokensPerS ?? 0) - (b.outputTokensPerS ?? 0))
  const values = sorted.map(p95)
  const own = bounds(sorted, `llm_${metric}.p95`)
  const limits = limitsOf(report, metric)
  const all = [...values, ...own.low, ...own.high, ...limits.map(({ value }) => value)]
  const few = Math.min(
    ...(all.filter((value) => typeof value === 'number' && value > 0) as number[]),
  )
  const most = largest(all) ?? few
  return {
    title: `${NAMES[metric]} p95 against output`,
    unit: 'ms by tokens/s, a point per step',
    x: sorted.map((step) => step.outputTokensPerS as number),
    xLabel: 'tokens/s',
    xRange: [0, 1.08 * (largest(sorted.map((step) => step.outputTokensPerS)) ?? 1)],
    ...(most > LOG_FROM * few ? { yScale: 'log' as const } : {}),
    lines: [
      {
        ...timeLine('p95', metric, values, 'points'),
        ...own,
        names: sorted.map((step) => step.name),
      },
    ],
    limits,
    trail: known.map((step) => sorted.indexOf(step)),
  }
}

function byLoad(
  { load }: Report,
  steps: readonly ScopeReport[],
  title: string,
  unit: string,
  lines: readonly Line[],
): Chart {
  return {
    title,
    unit: `${unit} by ${load.unit} asked`,
    x: steps.map((step) => step.asked as number),
    xLabel: 'asked',
    xRange: [0, 1.05 * (largest(steps.map((step) => step.asked)) ?? 1)],
    lines: lines.filter(({ values }) => largest(values) !== undefined),
  }
}

/** The interval of a figure of each step. */
function bounds(steps: readonly ScopeReport[], key: string): { low: Values; high: Values } {
  return {
    low: steps.map((step) => step.intervals?.[key]?.low ?? null),
    high: steps.map((step) => step.intervals?.[key]?.high ?? null),
  }
}
