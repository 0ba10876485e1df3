import type { Report, RunInfo } from '../../results/index.ts'
import type { Pod } from '../collect.ts'
import type { RecordsSummary, Summarizer } from '../summarize.ts'
import { misfits, podsInOrder } from './check.ts'
import { endOf, headOf, podsInfo } from './head.ts'
import { putCounts, putWorst } from './known.ts'
import { createNotes } from './notes.ts'
import { putOwn } from './own.ts'
import { elapsedOf, loadStartOf, pairsOf } from './pairs.ts'
import type { MergedPods, PodResults } from './types.ts'

/** The merged pods, or why they are not those of one run: sentences that begin with a file's name. */
export type Merging = { ok: true; merged: MergedPods } | { ok: false; problems: string[] }

/**
 * Merges pods into one run, so that one report can be built of the whole. Every figure of requests is
 * recomputed from all of them; what only the pods' own results know is joined according to its kind.
 *
 * Each pod's times count from the start of its own load, where the plan's phases begin. They are not
 * shifted by the pods' clocks, so rates are over the plan's phases however far apart pods began.
 *
 * @param given pods in any order, at least one
 * @param results of the pods, as far as there are any, in any order
 * @param summarizer that has taken the requests of all pods
 */
export function mergePods(
  given: readonly Pod[],
  results: readonly PodResults[],
  summarizer: Summarizer,
): Merging {
  const pods = podsInOrder(given)
  const { pairs, problems } = pairsOf(pods, results)
  const all = [...misfits(pods), ...problems]
  if (all.length > 0) return { ok: false, problems: all }

  addServer(summarizer, pods)
  const elapsedMs = Math.max(...pairs.map(elapsedOf))
  const summary = summarizer.summary(elapsedMs)
  const hasGaps = Boolean(summary.metrics['llm_itl']?.values['count'])
  const reports = pairs.flatMap(({ results: own }) => own?.report ?? [])
  const known = reports.length === pods.length

  const info = podsInfo(pairs, [])
  const head = headOf(pods, info)
  // In records the load starts at 0; results tell how long setup took.
  const loadStartMs = known ? loadStartOf(head) : 0
  summary.state.testRunDurationMs = loadStartMs + elapsedMs
  const notes = createNotes(pairs)
  if (known) putKnown(summary, reports, notes)
  else notes.unknown(reports.length, hasGaps)
  info.notes.push(...notes.all())
  // Records hold every gap, of which k6 keeps only a sample in long runs.
  if (hasGaps) head.run['gapSampling'] = 1
  const run: RunInfo = {
    ...(head.run as unknown as RunInfo),
    ...factsOf(reports),
    loadStartMs,
    noEnd: info.cut.length > 0,
    finishedOnly: !known,
    cutOff: endOf(pods)?.interrupted,
  }
  return { ok: true, merged: { head, end: endOf(pods), info: run, summary } }
}

/** Of several pods that polled one server, only one counts: the counters and gauges are the same. */
function addServer(summarizer: Summarizer, pods: readonly Pod[]): void {
  const most = Math.max(...pods.map(({ server }) => server.length))
  const asked = pods.find(({ server }) => server.length === most)
  for (const record of asked?.server ?? []) summarizer.addServer(record)
}

function putKnown(
  summary: RecordsSummary,
  reports: readonly Report[],
  notes: ReturnType<typeof createNotes>,
): void {
  putCounts(summary.metrics, reports)
  notes.worst(putWorst(summary.metrics, reports))
  notes.partly(putOwn(summary, reports))
}

/** What results know about the run itself. */
function factsOf(reports: readonly Report[]): Pick<RunInfo, 'k6Version' | 'testid'> {
  const versions = reports.flatMap(({ environment }) => environment.k6Version ?? [])
  const ids = reports.flatMap(({ run }) => run.testid ?? [])
  return { k6Version: versions[0], testid: ids[0] }
}
