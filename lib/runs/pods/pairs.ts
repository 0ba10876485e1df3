import type { RunRecord } from '../../records/index.ts'
import type { Pod } from '../collect.ts'
import { partName } from './check.ts'
import type { PodResults } from './types.ts'

/** A pod's records, with the results that its k6 wrote where they were given. */
export interface Pair {
  pod: Pod
  results: PodResults | undefined
}

/**
 * Matches results with the records of their pods.
 * @returns problems, one sentence each, where results belong to no given pod or differ for one
 */
export function pairsOf(
  pods: readonly Pod[],
  results: readonly PodResults[],
): { pairs: Pair[]; problems: string[] } {
  const problems = strangers(pods, results)
  const pairs = pods.map((pod) => {
    const [first, ...others] = results.filter((one) => isOf(one, pod))
    for (const { file, report } of others) {
      if (JSON.stringify(report) === JSON.stringify(first?.report)) continue
      problems.push(`${file} and ${first?.file} hold different results of one pod`)
    }
    return { pod, results: first }
  })
  return { pairs, problems }
}

/** How far into the load a pod got, ms. */
export function elapsedOf({ pod, results }: Pair): number {
  const durationMs = results?.report.run.durationMs ?? null
  if (durationMs !== null) return durationMs - loadStartOf(pod.head)
  return pod.end?.atMs ?? pod.lastMs
}

/** Whether k6 came to its end; results show it even where the last line of the records is lost. */
export function hasEnded({ pod, results }: Pair): boolean {
  return pod.end !== undefined || results?.report.total.finished === pod.requests
}

/** Start of the load on the run's clock of a pod, ms. */
export function loadStartOf({ run }: RunRecord): number {
  return typeof run['loadStartMs'] === 'number' ? run['loadStartMs'] : 0
}

function isOf({ report }: PodResults, { head }: Pod): boolean {
  return report.run.startedAt === head.startedAt && report.load.segment === head.run.plan.segment
}

/** Problems for results whose pod's records were not given. */
function strangers(pods: readonly Pod[], results: readonly PodResults[]): string[] {
  return results
    .filter((one) => !pods.some((pod) => isOf(one, pod)))
    .map(({ file, report: { run, load } }) => {
      const started = run.startedAt === null ? 'of a run that sent no load' : run.startedAt
      return `${file} holds results of segment ${partName(load.segment)}, ${started}: no records of that pod were given`
    })
}
