import type { QualityScore, Report, ScopeReport, SteadyBlock } from '../../results/index.ts'

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
  return isMeasured(scope) || scope.name === 'measured' ? scope.name : unmeasured(scope.name)
}

type Part = Pick<QualityScore, 'by' | 'name' | 'measured'>

/** Parts of a run without what is said twice: one measured phase says what all measured phases say. */
export function shownParts<P extends Part>(parts: readonly P[]): readonly P[] {
  const phases = parts.filter(({ by, measured }) => by === 'phase' && measured)
  return phases.length === 1 ? parts.filter(({ by }) => by !== 'measured') : parts
}

/** The name of a part in its table. */
export function partName({ by, name, measured }: Part): string {
  if (by === 'turn') return `turn ${name}`
  return measured ? name : unmeasured(name)
}

const unmeasured = (name: string) => `${name} (not measured)`
