import type { RequestRecord, RunRecord, ServerRecord } from '../records/index.ts'
import type { Tokens, Usage } from './types.ts'

/** Under this name GPU power is scraped, W, summed over GPUs (see lib/server-metrics). */
const POWER = 'llm_gpu_power'

/** Collects what a run used from its records. */
export function createUsageCollector() {
  let head: RunRecord | undefined
  const total = none()
  const byApp = new Map<string, Tokens>()
  const byModel = new Map<string, Tokens>()
  let uncounted = 0
  const power: { atMs: number; watts: number }[] = []

  return {
    onRun(record: RunRecord): void {
      head ??= record
    },
    onRequest(record: RequestRecord): void {
      if (!record.measured || record.outcome !== 'completed') return
      if (record.inputTokens === undefined) uncounted++
      for (const into of [total, at(byApp, record.app), at(byModel, record.model)]) {
        into.requests++
        into.input += record.inputTokens ?? 0
        into.cached += record.cachedTokens ?? 0
        into.output += record.outputTokens
      }
    },
    onServer(record: ServerRecord): void {
      const watts = record.values[POWER]
      if (watts !== undefined) power.push({ atMs: record.atMs, watts })
    },
    /** @returns undefined without a run record that has a measured phase */
    usage(): Usage | undefined {
      const phases = head?.run.plan.phases.filter((phase) => phase.measured) ?? []
      if (phases.length === 0) return undefined
      const fromMs = Math.min(...phases.map((phase) => phase.startMs))
      const toMs = Math.max(...phases.map((phase) => phase.endMs))
      const inside = power.filter((p) => p.atMs >= fromMs && p.atMs <= toMs)
      const watts = inside.reduce((sum, p) => sum + p.watts, 0) / inside.length
      return {
        windowMs: toMs - fromMs,
        total,
        byApp,
        byModel,
        uncounted,
        powerW: inside.length === 0 ? undefined : watts,
      }
    },
  }
}

const none = (): Tokens => ({ requests: 0, input: 0, cached: 0, output: 0 })

function at(map: Map<string, Tokens>, name: string): Tokens {
  const known = map.get(name)
  if (known !== undefined) return known
  const made = none()
  map.set(name, made)
  return made
}
