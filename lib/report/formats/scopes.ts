import type { Report, ScopeReport, SteadyBlock } from '../../results/index.ts'

/** The phases, and first all that is measured where that is not one phase. */
function shownScopes(report: Report): ScopeReport[] {
  const several = report.phases.filter((phase) => phase.measured).length !== 1
  return several ? [report.measured, ...report.phases] : [...report.phases]
}

/** The same, each phase followed by its steady block where that is not all of it. */
export function withBlocks(report: Report): (ScopeReport | SteadyBlock)[] {
  const blockOf = (name: string) =>
    (report.steady ?? []).flatMap(({ phase, block }) => (phase === name && block ? [block] : []))
  return shownScopes(report).flatMap((scope) => [scope, ...blockOf(scope.name)])
}

/** A steady block is found in a measured phase only. */
export const isMeasured = (scope: ScopeReport | SteadyBlock) =>
  !('measured' in scope) || scope.measured

/** The name of a scope in the first column of a table. */
export function scopeName(scope: ScopeReport | SteadyBlock): string {
  return isMeasured(scope) || scope.name === 'measured'
    ? scope.name
    : `${scope.name} (not measured)`
}
