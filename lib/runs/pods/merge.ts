import { missingSegments } from '../../metrics/index.ts'
import { RECORDS_VERSION } from '../../records/index.ts'
import type { EndRecord, RunRecord } from '../../records/index.ts'
import type { PodsInfo, RunInfo } from '../../results/index.ts'
import { fullSlo } from '../summarize.ts'
import type { Summarizer } from '../summarize.ts'
import { inOrder, misfits, partName, partsOf } from './check.ts'
import { putCounts, putWorst } from './known.ts'
import { createNotes } from './notes.ts'
import { putOwn } from './own.ts'
import type { MergedPods, PodRecords, PodResults } from './types.ts'

/** Why pods are not those of one run: sentences that begin with a file. */
export type Merging = { ok: true; merged: MergedPods } | { ok: false; problems: string[] }

/**
 * Makes one run of its pods, so that one report can be built of the whole: every figure of requests
 * is computed anew of all of them, and what only the pods' own results know is joined by its kind.
 *
 * Each pod's times count from the start of its own load, on which the plan's phases lie; they are
 * not moved by the pods' clocks, so a rate is over the plan's phase however far apart pods began.
 *
 * @param summarizer that took the requests of all pods
 * @param results of the pods, as far as there are any, in any order
 */
export function mergePods(
  given: readonly PodRecords[],
  results: readonly PodResults[],
  summarizer: Summarizer,
): Merging {
  const pods = inOrder(given)
  const [first] = pods
  if (first === undefined) return { ok: false, problems: ['no line says what the run is'] }
  const own = pods.map((pod) => results.filter((one) => isOf(one, pod)))
  const problems = [...misfits(pods), ...strangers(pods, results), ...rivals(own)]
  if (problems.length > 0) return { ok: false, problems }

  // Of several pods that asked one server, one: its counters and gauges are the same server's.
  const asked = Math.max(...pods.map(({ server }) => server.length))
  for (const record of pods.find(({ server }) => server.length === asked)!.server) {
    summarizer.addServer(record)
  }
  const elapsed = Math.max(...pods.map((pod, i) => elapsedOf(pod, own[i]?.[0])))
  const summary = summarizer.summary(elapsed)
  const notes = createNotes(pods, summary)
  const reports = own.flatMap(([one]) => one?.report ?? [])
  const known = reports.length === pods.length
  const fromRecords = summary.metrics['llm_itl']?.values['count'] ?? 0
  if (known) {
    putCounts(summary.metrics, reports)
    notes.worst(putWorst(summary.metrics, reports))
    notes.partly(putOwn(summary, reports))
  } else notes.unknown(reports.length)
  own.forEach(([one], i) => notes.compare(pods[i] as PodRecords, one))

  const parts = partsOf(pods)
  const missing = missingSegments(parts)
  const starts = pods.map(({ head }) => Date.parse(head.startedAt))
  const cut = pods.flatMap((pod, i) =>
    ended(pod, own[i]?.[0])
      ? []
      : [{ segment: partName(pod.head.run.plan.segment), atMs: pod.lastMs }],
  )
  const podsInfo: PodsInfo = {
    segments: parts.map(partName),
    missing,
    cut,
    skewMs: Math.max(...starts) - Math.min(...starts),
    notes: notes.all(),
  }
  const head = headOf(pods, {
    segment: missing.length === 0 ? null : parts.map(partName).join(','),
    pods: podsInfo,
    ...(fromRecords > 0 ? { gapSampling: 1 } : {}),
  })
  const info: RunInfo = {
    ...(head.run as unknown as RunInfo),
    slo: fullSlo(head.run.slo),
    startedAt: head.startedAt,
    k6Version:
      reports.find(({ environment }) => environment.k6Version)?.environment.k6Version ?? undefined,
    testid: reports[0]?.run.testid ?? undefined,
    // The records' clock begins with the load.
    loadStartMs: 0,
    noEnd: cut.length > 0,
    finishedOnly: !known,
  }
  return { ok: true, merged: { head, end: endOf(pods), info, summary } }
}

/** The run as all pods tell it, by what the one that began first says. */
function headOf(
  pods: readonly PodRecords[],
  { segment, ...more }: { segment: string | null; pods: PodsInfo; gapSampling?: number },
): RunRecord {
  const byStart = [...pods].sort(({ head: a }, { head: b }) =>
    a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0,
  )
  const { head } = byStart[0] as PodRecords
  const clocks = pods.map((pod) => pod.head.run['clock'])
  const warnings = pods.flatMap((pod) => (pod.head.run['warnings'] as string[] | undefined) ?? [])
  return {
    ...head,
    run: {
      ...head.run,
      plan: { ...head.run.plan, segment },
      // Figures are as good as the worst of the clocks behind them.
      clock: ['buffered', 'handler', 'socket'].find((clock) => clocks.includes(clock)),
      warnings: [...new Set(warnings)],
      ...more,
    },
  }
}

/** Undefined where one is missing: how far the run got is then not known. */
function endOf(pods: readonly PodRecords[]): EndRecord | undefined {
  const ends = pods.flatMap(({ end }) => end ?? [])
  if (ends.length < pods.length) return undefined
  return {
    v: RECORDS_VERSION,
    record: 'end',
    atMs: Math.max(...ends.map(({ atMs }) => atMs)),
    interrupted: ends.reduce((all, { interrupted }) => all + interrupted, 0),
  }
}

/** Results tell that k6 came to its end even where the last line of its records is lost. */
function ended(pod: PodRecords, results: PodResults | undefined): boolean {
  return pod.end !== undefined || results?.report.total.finished === pod.requests
}

/** How far into the load a pod got, ms. */
function elapsedOf(pod: PodRecords, results: PodResults | undefined): number {
  const durationMs = results?.report.run.durationMs ?? null
  if (durationMs !== null) return durationMs - loadStartOf(pod.head)
  return pod.end?.atMs ?? pod.lastMs
}

function loadStartOf({ run }: RunRecord): number {
  return typeof run['loadStartMs'] === 'number' ? run['loadStartMs'] : 0
}

function isOf({ report }: PodResults, { head }: PodRecords): boolean {
  return report.run.startedAt === head.startedAt && report.load.segment === head.run.plan.segment
}

/** Results of no pod whose records were given. */
function strangers(pods: readonly PodRecords[], results: readonly PodResults[]): string[] {
  return results
    .filter((one) => !pods.some((pod) => isOf(one, pod)))
    .map(({ file, report: { run, load } }) => {
      const segment = partName(load.segment)
      return `${file} holds results of segment ${segment}, started ${run.startedAt ?? 'at no time (no load was sent)'}: no records of that pod were given`
    })
}

function rivals(own: readonly (readonly PodResults[])[]): string[] {
  return own.flatMap(([first, ...others]) =>
    others
      .filter(({ report }) => JSON.stringify(report) !== JSON.stringify(first!.report))
      .map(({ file }) => `${file} and ${first!.file} hold different results of one pod`),
  )
}
