import type { Shown } from '../../lib/tables/index.ts'
import type { CostLine, Monthly } from '../../lib/cost/index.ts'
import { count, NONE, num, percent } from '../../lib/tables/index.ts'

/** Money with at least three digits that say something: 0.00132, 1.25, 12,400. */
export function money(value: number | null, currency: string): string {
  if (value === null || !Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  const text = size === 0 || size >= 1 ? num(value) : value.toPrecision(3).replace(/e.*/, '')
  return `${size > 0 && size < 1e-6 ? value.toExponential(2) : text} ${currency}`
}

export function linesShown(title: string, lines: readonly CostLine[], currency: string): Shown {
  return {
    title,
    status: 'none',
    facts: [],
    heading: ['', 'requests', 'output tokens', 'share', 'a request', 'a million output tokens'],
    rows: lines.map((line) => [
      line.name,
      count(line.requests),
      count(line.outputTokens),
      percent(line.share),
      money(line.perRequest, currency),
      money(line.perMillionOutput, currency),
    ]),
    tones: lines.map(() => ''),
    notes: [],
  }
}

export function monthlyShown(
  months: readonly { name: string; month: Monthly }[],
  currency: string,
): Shown {
  const first = months[0]?.month as Monthly
  return {
    title: 'A month (730 h) of this load',
    status: 'none',
    facts: [
      `Average ${num(first.averageRate)}, peak ${num(first.peakRate)} requests/s: a fleet for the peak is used to ${percent(first.averageOverPeak)} of it over the time.`,
    ],
    heading: ['prices', 'replicas static', 'scaled, mean', 'most', 'static', 'scaled', 'saved'],
    rows: months.map(({ name, month: m }) => [
      name,
      count(m.staticReplicas),
      num(m.scaledReplicasMean),
      count(m.scaledReplicasMax),
      money(m.staticCost, currency),
      money(m.scaledCost, currency),
      percent(m.savedShare),
    ]),
    tones: months.map(() => ''),
    notes: [
      'Static: replicas for the peak and the losses, all the time. Scaled: replicas for the most of each bin and of those that a replica takes to be ready, knowing the load beforehand.',
    ],
  }
}
