import type { Report, Stats } from '../results/index.ts'
import { configConditions } from './from-records.ts'
import type { RunData } from './run-data.ts'

/** k6's statistics by the part of a figure's id that names them. */
const STATS = { avg: 'mean', p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99' } as const
/** Warnings of a report that speak for the client, not the server, having set the figures. */
const CLIENT_WARNINGS: readonly string[] = ['lateness', 'dropped_iterations']

/** A run as its results tell it: figures without the requests behind them. */
export function runOfReport(name: string, report: Report): RunData {
  const { measured, phases, environment, load, run } = report
  const figures: Record<string, number | null> = {
    output_tokens_per_s: measured.outputTokensPerS,
    completed_per_s: measured.completedPerS,
    good_per_s: measured.goodPerS,
    good_share: measured.goodShare,
    error_share: measured.errorRate,
    cached_share: measured.cachedShare,
  }
  for (const [metric, stats] of Object.entries(measured.metrics)) {
    const id = metric.replace(/^llm_/, '')
    for (const [stat, suffix] of Object.entries(STATS))
      figures[`${id}_${suffix}`] = valueOf(stats, stat as keyof typeof STATS)
  }
  return {
    name,
    startedAt: run.startedAt ?? undefined,
    conditions: {
      ...configConditions(environment.config),
      scenario: run.scenario,
      model: environment.model ?? undefined,
      shape: load.shape,
      loop: load.loop,
      unit: load.unit,
      asked: measured.asked ?? meanAsked(phases),
      clock: environment.clock ?? undefined,
      clientLimits: report.warnings
        .filter((warning) => CLIENT_WARNINGS.includes(warning.type))
        .map((warning) => warning.message),
    },
    fromMs: 0,
    toMs: measured.lengthMs,
    requests: undefined,
    figures,
  }
}

/** Records and results of one run: the requests of the one, what only the other knows. */
export function joinRun(records: RunData, results: RunData): RunData {
  const limits = [...records.conditions.clientLimits, ...results.conditions.clientLimits]
  return {
    ...records,
    conditions: { ...results.conditions, ...defined(records.conditions), clientLimits: limits },
    figures: results.figures,
  }
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Partial<T>
}

function valueOf(stats: Stats, stat: keyof typeof STATS): number | null {
  return stats.kind === 'trend' ? stats[stat] : null
}

function meanAsked(phases: Report['phases']): number | undefined {
  const known = phases.filter((phase) => phase.measured && phase.asked !== null)
  const length = known.reduce((sum, phase) => sum + phase.lengthMs, 0)
  if (length === 0) return undefined
  return known.reduce((sum, phase) => sum + (phase.asked as number) * phase.lengthMs, 0) / length
}
