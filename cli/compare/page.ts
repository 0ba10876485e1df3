import { changesHtml, overlaidCurves, overlaidTimes, phasesOf } from '../../lib/html/index.ts'
import type { Side } from '../../lib/html/index.ts'
import type { Comparison } from '../../lib/compare/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import type { Page } from '../output/index.ts'

/**
 * What the page of comparisons shows beside each table: changes with their intervals, both distributions
 * and both courses over each other. Of repeats the first run is drawn.
 * @param sides the runs of each side; the first is what all others are compared with
 * @param labels what runs are called, by their names
 */
export function comparisonPage(
  comparisons: readonly Comparison[],
  sides: readonly (readonly Run[])[],
  labels: ReadonlyMap<string, string>,
): Page {
  const label = (run: Run) => labels.get(run.name) ?? run.name
  const [before, ...others] = sides.map(([run, ...more]): Side | undefined => {
    if (run === undefined) return undefined
    return { run, label: more.length === 0 ? label(run) : `${label(run)} (of ${more.length + 1})` }
  })
  const beside = comparisons.map((comparison, i) => {
    const after = others[i]
    const changes = { before: changesHtml(comparison) }
    if (before === undefined || after === undefined) return changes
    const charts = [
      { title: 'Distributions', charts: overlaidCurves(before, after), three: true },
      { title: 'Over time', charts: overlaidTimes(before, after) },
    ]
    return { ...changes, charts }
  })
  const runs = sides.flat().map((run) => {
    const [at = ''] = [...run.sources.results, ...run.sources.records]
    return { name: label(run), at }
  })
  const phases = before === undefined ? [] : phasesOf(before.run.report, before.run.head?.plan)
  return { beside, runs, phases }
}
