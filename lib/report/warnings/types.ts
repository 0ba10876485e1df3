import type { Summary } from '../summary.ts'
import type { Report, RunInfo, ScopeReport, TrendStats } from '../../results/index.ts'

export type Warning = Report['warnings'][number]

/** Everything that a warning may be based on. */
export interface Seen {
  summary: Summary
  run: RunInfo
  report: Omit<Report, 'warnings' | 'verdict'>
}

/** The warning, or none when its condition does not hold. */
export function warnIf(condition: unknown, type: string, message: () => string): Warning[] {
  return condition ? [{ type, message: message() }] : []
}

export function trend(scope: ScopeReport, metric: string): TrendStats {
  return scope.metrics[metric] as TrendStats
}
