import { CATALOGUE } from './catalogue.ts'
import type { MetricDef } from './types.ts'

/** The catalogue by functions: a VU's bundle makes it only when one is called (scripts/build/lazy.mjs). */

const byName: ReadonlyMap<string, MetricDef> = new Map(CATALOGUE.map((def) => [def.name, def]))

/** The catalogue's entry of a metric, without its selector; undefined for a stranger's metric. */
export function metricDef(name: string): MetricDef | undefined {
  return byName.get(name)
}

/** Whether results have the metric, whole, over the measured phases and by phase. */
export function isInResults({ tags, liveOnly }: MetricDef): boolean {
  return liveOnly !== true && tags.includes('measured')
}

/** @returns all entries of the catalogue */
export function metricDefs(): readonly MetricDef[] {
  return CATALOGUE
}
