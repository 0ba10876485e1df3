import { count, num, percent } from '../../tables/index.ts'
import { countOf, statsOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { ServerPhase, ServerReport, RunInfo } from '../../results/index.ts'

/** From this share a KV cache is as good as full: engines reserve blocks for running requests. */
const FULL = 0.95

/** The server's own figures; null where k6 did not poll it or it did not answer. */
export function serverReport(summary: Summary, run: RunInfo): ServerReport | null {
  const names = [...new Set(run.plan.phases.map(({ name }) => name))]
  const phases = names
    .map((phase) =>
      phaseOf(
        summary,
        phase,
        run.plan.phases.every((p) => p.name !== phase || p.measured),
      ),
    )
    .filter((phase) => Object.values(phase).some((value) => typeof value === 'number'))
  if (phases.length === 0) return null
  const energy = fell(summary, 'llm_gpu_energy') ? null : countOf(summary, 'llm_gpu_energy')
  const tokens = countOf(summary, 'llm_output_tokens')
  return {
    phases,
    joulesPerToken: energy && tokens ? energy / tokens : null,
    findings: findingsOf(phases),
  }
}

function phaseOf(summary: Summary, phase: string, measured: boolean): ServerPhase {
  const most = (metric: string) => {
    // k6 gives a gauge without samples as 0.
    if (!countOf(summary, 'llm_server_polls', { phase, figure: metric })) return null
    const stats = statsOf(summary, 'gauge', metric, { phase })
    return stats.kind === 'gauge' ? stats.max : null
  }
  const waitingMax = most('llm_server_waiting')
  const power = most('llm_gpu_power')
  const grown = (metric: string) =>
    fell(summary, metric) ? null : countOf(summary, metric, { phase })
  const queries = grown('llm_server_prefix_queries')
  const hits = grown('llm_server_prefix_hits')
  return {
    phase,
    measured,
    runningMax: most('llm_server_running'),
    waitingMax,
    kvCacheUsageMax: most('llm_server_kv_cache_usage'),
    // k6 gives a counter without samples as 0, too.
    preemptions: told(summary, 'llm_server_preemptions') ? grown('llm_server_preemptions') : null,
    prefixHitRate: queries && hits !== null ? hits / queries : null,
    gpuUtilisationMax: most('llm_gpu_utilisation'),
    gpuMemoryUsedMax: most('llm_gpu_memory_used'),
    gpuPowerMax: power,
    gpuEnergyJ: power === null ? null : grown('llm_gpu_energy'),
  }
}

function told(summary: Summary, figure: string): boolean {
  return Boolean(countOf(summary, 'llm_server_polls', { measured: 'true', figure }))
}

/** Whether a counter fell, or was impossible: what it grew by in between is not known. */
function fell(summary: Summary, figure: string): boolean {
  return Boolean(countOf(summary, 'llm_server_impossible', { figure }))
}

function findingsOf(phases: readonly ServerPhase[]): string[] {
  const findings: string[] = []
  const full = phases.filter(({ kvCacheUsageMax }) => (kvCacheUsageMax ?? 0) >= FULL)
  // Of several phases with a full cache, the one in which most requests waited.
  const worst = peak(full, 'waitingMax')?.phase
  const kv = peak(worst === undefined ? phases : [worst], 'kvCacheUsageMax')
  const waiting = peak(phases, 'waitingMax')
  if (kv && kv.value >= FULL) {
    const queued = kv.phase.waitingMax
    findings.push(
      `KV cache full (${percent(kv.value)}) in phase ${kv.phase.phase}` +
        (queued === null ? '' : `, ${count(queued)} requests waiting`),
    )
  } else if (kv) {
    findings.push(`KV cache at most ${percent(kv.value)} in use (phase ${kv.phase.phase})`)
  }
  if (waiting && waiting.value > 0 && !(kv && kv.value >= FULL && kv.phase === waiting.phase)) {
    findings.push(
      `at most ${count(waiting.value)} requests waiting on the server (phase ${waiting.phase.phase})`,
    )
  }
  const running = peak(phases, 'runningMax')
  if (running) findings.push(`at most ${count(running.value)} running`)
  const preempted = peak(phases, 'preemptions')
  if (preempted && preempted.value > 0) {
    findings.push(`${count(preempted.value)} preemptions in phase ${preempted.phase.phase}`)
  }
  const gpu = peak(phases, 'gpuUtilisationMax')
  if (gpu) findings.push(`GPU busy ${percent(gpu.value)} of the time at the most`)
  return findings
}

/** The phase with the largest value of a figure; the earlier one of equals. */
function peak(phases: readonly ServerPhase[], key: keyof ServerPhase) {
  let best: { phase: ServerPhase; value: number } | undefined
  for (const phase of phases) {
    const value = phase[key]
    if (typeof value === 'number' && (best === undefined || value > best.value)) {
      best = { phase, value }
    }
  }
  return best
}

/** Lines for the summary; empty where the server was not polled. */
export function serverRows(server: ServerReport | null): [string, string][] {
  if (server === null || server.findings.length === 0) return []
  const joules =
    server.joulesPerToken === null ? [] : [`${num(server.joulesPerToken)} J per output token`]
  return [['server', [...server.findings, ...joules].join('; ')]]
}
