import { Counter, Gauge, Rate, Trend } from 'k6/metrics'
import { CATALOGUE } from '../metrics/index.ts'

const KINDS = { trend: Trend, counter: Counter, gauge: Gauge, rate: Rate }

export type AddSample = (
  metric: string,
  value: number,
  tags: Readonly<Record<string, string>>,
) => void

/** Makes k6's metric objects from the catalogue; to be called while the script is loaded. */
export function createMetrics(): AddSample {
  const objects: Record<string, { add(value: number, tags?: Record<string, string>): void }> = {}
  for (const { name, kind, unit } of CATALOGUE) objects[name] = new KINDS[kind](name, unit === 'ms')
  return (metric, value, tags) => objects[metric]?.add(value, tags)
}
