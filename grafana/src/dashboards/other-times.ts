import { CATALOGUE } from '../../../lib/metrics/index.ts'
import type { MetricDef, MetricName } from '../../../lib/metrics/index.ts'
import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { lines } from '../panels.ts'
import { percentile } from '../queries.ts'

/**
 * Every latency of the catalogue that no other row draws, so that a new one is drawn somewhere.
 *
 * @param drawn metrics that other rows of the page draw
 */
export function otherTimesRow(mode: Mode, drawn: readonly MetricName[]): Row {
  const others = CATALOGUE.filter(
    (def) => (def as MetricDef).timing !== undefined && !drawn.includes(def.name),
  )
  const panels = others.map(({ name, title }) =>
    lines({
      title: `${title}${since(mode)}`,
      description: `${formula(name)}\n\n${resolution(mode)}`,
      unit: 's',
      targets: ([0.5, 0.95, 0.99] as const).map((q) => ({
        expr: percentile(mode, name, q),
        legend: `p${q * 100}`,
      })),
    }),
  )
  return { title: 'Other times', folded: true, panels }
}
