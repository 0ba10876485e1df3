import { metricDef, parseSelector, thresholdsFor } from '../../lib/metrics/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'

type Tags = Readonly<Record<string, string>>

/**
 * What k6 would have summed of a run's samples: its sub-metrics by their thresholds, its sinks by
 * their own rules (metrics/sink.go), sums in the order in which samples come.
 */
export function createK6({ plan, slo, ...run }: RunRecord['run']) {
  const samples = new Map<string, { value: number; tags: Tags }[]>()
  const { groups, endpoints } = run as {
    groups?: { tag: string; values: string[] }[]
    endpoints?: { name: string }[]
  }

  return {
    add(metric: string, value: number, tags: Tags): void {
      const known = samples.get(metric) ?? []
      samples.set(metric, known)
      known.push({ value, tags })
    },

    /** In the form that `handleSummary` gets. */
    summary(durationMs: number) {
      const keys = thresholdsFor({
        phases: plan.phases,
        slices: [
          ...new Set([...samples.values()].flat().flatMap(({ tags }) => tags['slice'] ?? [])),
        ],
        slo: slo,
        ...(groups && { groups }),
        ...(endpoints && { endpoints: endpoints.map(({ name }) => name) }),
      })
      const metrics = Object.fromEntries(
        Object.keys(keys).map((key) => {
          const { metric, tags } = parseSelector(key)
          const type = metricDef(metric)?.kind ?? 'counter'
          const own = (samples.get(metric) ?? []).filter((sample) =>
            Object.entries(tags).every(([name, value]) => sample.tags[name] === value),
          )
          const values = sink(
            type,
            own.map(({ value }) => value),
            durationMs,
          )
          return [key, { type, contains: 'default', values }]
        }),
      )
      return { metrics, state: { testRunDurationMs: durationMs } }
    },
  }
}

function sink(kind: string, values: readonly number[], durationMs: number) {
  const sum = values.reduce((all, value) => all + value, 0)
  const { length } = values
  if (kind === 'counter') return { count: sum, rate: (sum * 1000) / durationMs }
  if (kind === 'rate')
    return { passes: sum, fails: length - sum, rate: length === 0 ? 0 : sum / length }
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0] ?? 0, sorted[length - 1] ?? 0]
  if (kind === 'gauge') return { value: values[length - 1] ?? 0, min, max }
  const at = (p: number) => {
    const i = p * (length - 1)
    const [low, high] = [sorted[Math.floor(i)] ?? 0, sorted[Math.ceil(i)] ?? 0]
    return low + (high - low) * (i - Math.floor(i))
  }
  return {
    count: length,
    avg: length === 0 ? 0 : sum / length,
    min,
    max,
    med: at(0.5),
    'p(50)': at(0.5),
    'p(90)': at(0.9),
    'p(95)': at(0.95),
    'p(99)': at(0.99),
  }
}
