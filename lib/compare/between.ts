import { sampleVariance } from 'simple-statistics'
import { figureDef, intervalOfRun } from '../runs/index.ts'
import type { FigureDef } from '../runs/index.ts'
import type { Report } from '../results/index.ts'
import { chiSquareQuantile, normalQuantile } from '../statistics/index.ts'
import { middle, scaled, usable } from './repeats.ts'

/** How far apart repeats of one run lie, beside how far chance within a run can move its figure. */
export interface Between {
  id: string
  title: string
  unit: FigureDef['unit']
  /** `ratio`: the deviations are relative; `difference`: in the figure's unit. */
  scale: FigureDef['scale']
  runs: number
  mean: number
  /** Standard deviation of the runs' figures. */
  between: number
  /** Standard error of one run's figure, as its interval tells; null where a run has none. */
  within: number | null
  /** Whether the runs lie further apart than chance within them explains. */
  apart: boolean
}

/** Level at which runs are called apart. */
const LEVEL = 0.01

/**
 * The spread of repeats by figure. Were nothing different from run to run, the variance between them over that within would
 * be chi-squared over its degrees of freedom, or less, as intervals are made with caution; what is beyond its 99th percentile
 * comes from without: a restart, another node, a neighbour.
 * @param reports of at least two runs of the same load
 * @param ids of the figures
 * @returns figures that all runs have
 */
export function betweenRuns(reports: readonly Report[], ids: readonly string[]): Between[] {
  return ids.flatMap((id) => {
    const def = figureDef(id)
    if (def === undefined) return []
    const given = reports.map(({ measured }) => def.of(measured) ?? undefined)
    const values = usable(def, given)
    return values === undefined || values.length < 2 ? [] : [spreadOf(def, values, reports)]
  })
}

function spreadOf(def: FigureDef, values: number[], reports: readonly Report[]): Between {
  const variance = sampleVariance(scaled(def, values))
  const errors = reports.map((report) => errorOf(def, report))
  const known = errors.flatMap((error) => error ?? [])
  const inside =
    known.length < errors.length
      ? null
      : known.reduce((sum, error) => sum + error ** 2, 0) / known.length
  const df = values.length - 1
  const most = inside === null ? Infinity : (inside * chiSquareQuantile(1 - LEVEL, df)) / df
  return {
    id: def.id,
    title: def.title,
    unit: def.unit,
    scale: def.scale,
    runs: values.length,
    mean: middle(def, values),
    between: Math.sqrt(variance),
    within: inside === null ? null : Math.sqrt(inside),
    apart: variance > most,
  }
}

/** A run's standard error, from the width of its interval. */
function errorOf(def: FigureDef, report: Report): number | undefined {
  const { low: least, high: most } = intervalOfRun(def, { report }) ?? {}
  const { certainty } = report
  const [low, high] = usable(def, [least ?? undefined, most ?? undefined]) ?? []
  if (low === undefined || high === undefined || certainty === undefined) return undefined
  const width = def.scale === 'ratio' ? Math.log(high / low) : high - low
  return width / 2 / normalQuantile(1 - certainty.confidence)
}
