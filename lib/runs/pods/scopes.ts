import type { Figure, Report, Stats, TrendStats } from '../../results/index.ts'

/** A stretch or part of a run for which results have figures, and the tags that select it. */
export interface PodScope {
  tags: Readonly<Record<string, string>>
  /** What one pod's results say about it; undefined where they do not list it. */
  of(report: Report): ScopeFigures | undefined
}

export interface ScopeFigures {
  started: Figure
  trends: Readonly<Record<string, TrendStats | null>>
}

/** Every scope for which at least one pod's results have figures. */
export function podScopes(reports: readonly Report[]): PodScope[] {
  const measured = { measured: 'true' }
  const each = <T>(list: (report: Report) => readonly T[], key: (item: T) => string) =>
    [...new Map(reports.flatMap(list).map((item) => [key(item), item])).values()].map((item) => ({
      item,
      find: (report: Report) => list(report).find((other) => key(other) === key(item)),
    }))
  const scoped = (tags: PodScope['tags'], of: (report: Report) => Report['total'] | undefined) => ({
    tags,
    of: (report: Report) => figuresOf(of(report)),
  })
  return [
    scoped({}, ({ total }) => total),
    scoped(measured, (report) => report.measured),
    ...each(
      ({ phases }) => phases,
      ({ name }) => name,
    ).map(({ item, find }) => scoped({ phase: item.name }, find)),
    ...each(
      ({ slices }) => slices,
      ({ slice }) => slice,
    ).map(({ item, find }) => ({
      tags: { slice: item.slice },
      of(report: Report) {
        const slice = find(report)
        return slice && { started: slice.started, trends: { llm_itl: slice.itl } }
      },
    })),
    ...each(
      ({ endpoints }) => endpoints,
      ({ endpoint }) => endpoint,
    ).map(({ item, find }) => counted({ ...measured, endpoint: item.endpoint }, find)),
    ...each(
      ({ groups }) => groups,
      ({ by, name }) => `${by} ${name}`,
    ).map(({ item, find }) => counted({ ...measured, [item.by]: item.name }, find)),
  ]
}

function counted(
  tags: PodScope['tags'],
  find: (report: Report) => { started: Figure } | undefined,
): PodScope {
  return {
    tags,
    of(report) {
      const found = find(report)
      return found && { started: found.started, trends: {} }
    },
  }
}

function figuresOf(scope: Report['total'] | undefined): ScopeFigures | undefined {
  if (scope === undefined) return undefined
  const trends = Object.entries(scope.metrics).filter((entry): entry is [string, TrendStats] =>
    isTrend(entry[1]),
  )
  return { started: scope.started, trends: Object.fromEntries(trends) }
}

function isTrend(stats: Stats): stats is TrendStats {
  return stats.kind === 'trend'
}
