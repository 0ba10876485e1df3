import type { RunRecord } from '../../records/index.ts'
import type { Pod } from '../collect.ts'
import { partName } from './check.ts'
import type { PodResults } from './types.ts'

/** A pod's records, and the results that its k6 wrote where they were given. */
export interface Pair {
  pod: Pod
  results: PodResults | undefined
}

/**
 * Puts results to the records of their pods.
 * @returns problems, a sentence each, where results are of another pod or differ for one
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

/** Results tell that k6 came to its end even where the last line of its records is lost. */
export function hasEnded({ pod, results }: Pair): boolean {
  return pod.end !== undefined || results?.report.total.finished === pod.requests
}

/** Start of the load on the clock of a pod's run, ms. */
export function loadStartOf({ run }: RunRecord): number {
  return typeof run['loadStartMs'] === 'number' ? run['loadStartMs'] : 0
}

function isOf({ report }: PodResults, { head }: Pod): boolean {
  return report.run.startedAt === head.startedAt && report.load.segment === head.run.plan.segment
}

/** Results of no pod whose records were given. */
function strangers(pods: readonly Pod[], results: readonly PodResults[]): string[] {
  return results
    .filter((one) => !pods.some((pod) => isOf(one, pod)))
    .map(({ file, report: { run, load } }) => {
      const started = run.startedAt === null ? 'of a run that sent no load' : run.startedAt
      return `${file} holds results of segment ${partName(load.segment)}, ${started}: no records of that pod were given`
    })
}
