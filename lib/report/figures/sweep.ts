import type { Slo } from '../../metrics/index.ts'
import { holds } from './slices.ts'
import type {
  RunInfo,
  ScopeReport,
  SweepReport,
  SweepStep,
  TrendStats,
} from '../../results/index.ts'

/** Fewest steps for a knee. */
const FEWEST = 4

/**
 * Throughput against latency over the steps of a sweep, and the knee.
 *
 * The knee is the step of greatest power: throughput (completed requests/s) / mean E2E (Kleinrock,
 * "Power and deterministic rules of thumb for probabilistic problems in computer communications",
 * 1979). Below it more load gains more throughput than it costs in latency; above it, less. There is no
 * knee where the power is greatest at the first or the last step: the sweep did not go far enough down
 * or up. Null where the plan has no steps.
 */
export function sweepReport(run: RunInfo, phases: readonly ScopeReport[]): SweepReport | null {
  const steps = phases.flatMap((scope): SweepStep[] => {
    const level = run.plan.phases.find((phase) => phase.name === scope.name)?.step
    return level === undefined ? [] : [stepOf(scope, Number(level), run.slo)]
  })
  if (steps.length === 0) return null
  const known = steps.filter((step) => step.power !== null)
  const best = known.reduce<SweepStep | undefined>(
    (top, step) => (top === undefined || step.power! > top.power! ? step : top),
    undefined,
  )
  const kept = steps.filter((step) => step.keepsSlo === true)
  const base = { steps, bestWithinSlo: kept.length === 0 ? null : kept[kept.length - 1]!.level }
  if (best === undefined || known.length < FEWEST) {
    const note = `${known.length} steps with figures, a knee needs ${FEWEST}`
    return { ...base, knee: null, note }
  }
  const [first, last] = [known[0]!, known[known.length - 1]!]
  if (best === last) {
    return {
      ...base,
      knee: null,
      note: 'power still rises at the last step: go on to higher steps',
    }
  }
  if (best === first) {
    return {
      ...base,
      knee: null,
      note: 'power falls from the first step on: begin with lower steps',
    }
  }
  return { ...base, knee: best.level, note: '' }
}

function stepOf(scope: ScopeReport, level: number, slo: Slo): SweepStep {
  const trend = (metric: string) => scope.metrics[metric] as TrendStats
  const e2e = trend('llm_e2e')
  const { completedPerS, started, completed, errorRate } = scope
  return {
    level,
    phase: scope.name,
    completedPerS,
    outputTokensPerS: scope.outputTokensPerS,
    inFlight: scope.inFlight,
    errorRate,
    e2eMeanMs: e2e.avg,
    power: completedPerS === null || !e2e.avg ? null : (completedPerS * 1000) / e2e.avg,
    keepsSlo: holds({ started, completed, errorRate }, slo, trend),
  }
}
