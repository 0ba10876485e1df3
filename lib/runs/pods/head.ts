import { idleSum, missingSegments } from '../../metrics/index.ts'
import type { IdleRun } from '../../metrics/index.ts'
import { RECORDS_VERSION } from '../../records/index.ts'
import type { EndRecord, RunRecord } from '../../records/index.ts'
import type { PodsInfo } from '../../results/index.ts'
import type { Pod } from '../collect.ts'
import { partName, partsOf, workloadDiffers } from './check.ts'
import { hasEnded } from './pairs.ts'
import type { Pair } from './pairs.ts'

/** Which pods there are, and which are missing. */
export function podsInfo(pairs: readonly Pair[], notes: string[]): PodsInfo {
  const pods = pairs.map(({ pod }) => pod)
  const parts = partsOf(pods)
  const starts = pods.map(({ head }) => Date.parse(head.startedAt))
  return {
    segments: parts.map(partName),
    missing: missingSegments(parts),
    cut: pairs
      .filter((pair) => !hasEnded(pair))
      .map(({ pod: { head, lastMs } }) => ({
        segment: partName(head.run.plan.segment),
        atMs: lastMs,
      })),
    skewMs: Math.max(...starts) - Math.min(...starts),
    notes,
  }
}

/** The head of the whole run, based on the pod that began first. */
export function headOf(pods: readonly Pod[], info: PodsInfo): RunRecord {
  const [{ head }] = [...pods].sort((a, b) => startOf(a) - startOf(b)) as [Pod, ...Pod[]]
  const clocks = pods.map((pod) => pod.head.run['clock'])
  const warnings = pods.flatMap((pod) => (pod.head.run['warnings'] as string[] | undefined) ?? [])
  const segment = info.missing.length === 0 ? null : info.segments.join(',')
  return {
    ...head,
    run: {
      ...head.run,
      startedAt: head.startedAt,
      plan: { ...head.run.plan, segment },
      // Figures are only as good as the worst clock behind them.
      clock: ['buffered', 'handler', 'socket'].find((clock) => clocks.includes(clock)),
      warnings: [...new Set(warnings)],
      idle: idleOf(pods),
      workload: workloadDiffers(pods) ? undefined : head.run['workload'],
      pods: info,
    },
  }
}

/** What all pods asked before the load: each compares with the answers that it got itself. */
function idleOf(pods: readonly Pod[]): IdleRun | undefined {
  const all = pods.flatMap(({ head }) => (head.run['idle'] as IdleRun | undefined) ?? [])
  return all.length === 0 ? undefined : idleSum(all)
}

/** Undefined where a pod has no end: how far the run got is then not known. */
export function endOf(pods: readonly Pod[]): EndRecord | undefined {
  const ends = pods.flatMap(({ end }) => end ?? [])
  if (ends.length < pods.length) return undefined
  const atMs = Math.max(...ends.map((end) => end.atMs))
  const known = ends.flatMap(({ interrupted }) => interrupted ?? [])
  const end: EndRecord = { v: RECORDS_VERSION, record: 'end', atMs }
  // The sum over some of the pods is not that of the run.
  if (known.length === ends.length) end.interrupted = known.reduce((all, one) => all + one, 0)
  return end
}

function startOf({ head }: Pod): number {
  return Date.parse(head.startedAt)
}
