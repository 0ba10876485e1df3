import { TRUST } from '../../metrics/index.ts'
import { cleanText } from '../../safe-text/index.ts'
import { count, duration, many, percent } from '../../tables/index.ts'
import type { PodsReport, RunInfo } from '../../results/index.ts'

/** A clock skew that is normal within one cluster and affects no figure of a phase, ms. */
const SKEW_MS = 1_000

/** The pods of a merged run; null for a run of one process. */
export function podsReport({ pods, plan }: RunInfo): PodsReport | null {
  if (pods === undefined) return null
  const notes = pods.notes.map((note) => cleanText(note, 500))
  return { ...pods, notes, doubts: doubtsOf(pods, plan) }
}

/** What a reader of the figures must know about the pods, one sentence each. */
export function podNotes(pods: PodsReport | null): string[] {
  if (pods === null) return []
  const { segments, skewMs } = pods
  const apart =
    segments.length < 2
      ? ''
      : `, whose loads began within ${count(skewMs)} ms of each other by their own clocks`
  return [
    `merged from ${many(segments.length, 'pod')} (${segments.join(', ')})${apart}`,
    ...pods.doubts,
    ...pods.notes,
  ]
}

function doubtsOf(
  { missing, cut, lost = [], skewMs }: NonNullable<RunInfo['pods']>,
  plan: RunInfo['plan'],
): string[] {
  const measuredMs = plan.phases
    .filter(({ measured }) => measured)
    .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const doubts: string[] = []
  if (missing.length > 0) {
    doubts.push(
      `no records of ${missing.map((part) => `segment ${part}`).join(', ')} of the load: what those pods sent, or whether they ran, is not known`,
    )
  }
  for (const { segment, atMs } of cut) {
    doubts.push(
      `the records of segment ${segment} stop at ${duration(atMs)} without an end (the load lasts ${duration(plan.endMs)}): the pod was evicted or killed, or its file is cut`,
    )
  }
  for (const pod of lost) doubts.push(cleanText(`pod ${pod}`, 500))
  // Pods that began too far apart never applied the planned load together.
  if (skewMs > Math.max(SKEW_MS, (1 - TRUST.achievedShare.degraded) * measuredMs)) {
    doubts.push(
      `the pods' loads began ${duration(skewMs)} apart, more than ${percent(1 - TRUST.achievedShare.degraded)} of the measured time: figures of a phase mix moments that far apart (START_AT lines pods up)`,
    )
  }
  return doubts
}
