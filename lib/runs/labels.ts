import type { RequestRecord, RunRecord } from '../records/index.ts'

/** Tags of a request's metrics, by name. */
export function labelsOf(record: RequestRecord): Record<string, string> {
  const labels: Record<string, string> = {
    phase: record.phase,
    measured: String(record.measured),
    app: record.app,
    model: record.model,
  }
  for (const tag of ['endpoint', 'step'] as const) {
    const value = record[tag]
    if (value !== undefined) labels[tag] = value
  }
  if (record.turn !== undefined) labels['turn'] = record.turn > 9 ? '10+' : String(record.turn)
  return labels
}

/** Tags whose values have figures of their own, and these values. */
export function groupsOf(run: RunRecord['run']): { tag: string; values: string[] }[] {
  const { groups } = run
  if (!Array.isArray(groups)) return []
  return groups.map((group: { tag?: unknown; values?: unknown }) => ({
    tag: String(group.tag),
    values: Array.isArray(group.values) ? group.values.map(String) : [],
  }))
}

/** Names of the endpoints; [] where there is one. */
export function endpointsOf(run: RunRecord['run']): string[] {
  const { endpoints } = run
  if (!Array.isArray(endpoints) || endpoints.length < 2) return []
  return endpoints.map((endpoint: { name?: unknown }) => String(endpoint.name))
}
