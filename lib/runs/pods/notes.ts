import type { Pod } from '../collect.ts'
import { partName, variablesOf, workloadDiffers } from './check.ts'
import type { Pair } from './pairs.ts'

/** Collects how a merged run's figures differ from those of one process, one sentence each. */
export function createNotes(pairs: readonly Pair[]) {
  const pods = pairs.map(({ pod }) => pod)
  const found = [...shared(pods), ...asked(pods), ...clocks(pods), ...lost(pairs)]

  return {
    all: () => found,

    /** @param titles of metrics for which records hold no values */
    worst(titles: readonly string[]): void {
      if (titles.length === 0) return
      found.push(
        `${titles.join(', ')}: percentiles are the worst pod's, never below those of all pods together (except by interpolation), as the records hold no gaps between tokens (RECORDS=gaps)`,
      )
    },

    /** @param names of a user's metrics that cannot be joined */
    partly(names: readonly string[]): void {
      if (names.length === 0) return
      found.push(
        `own metrics ${names.join(', ')}: percentiles and last values of several pods do not add up and are left out`,
      )
    },

    /**
     * @param results number of pods with results
     * @param hasGaps whether the records give ITL
     */
    unknown(results: number, hasGaps: boolean): void {
      const gaps = hasGaps ? '' : ' ITL and ICL (RECORDS=gaps),'
      found.push(
        `results of ${results} of ${pods.length} pods, so these are not known:${gaps} requests that were never sent, the phases of those that the end cut off, and own checks, thresholds and metrics`,
      )
    },
  }
}

function shared(pods: readonly Pod[]): string[] {
  if (pods.length < 2) return []
  const variables = variablesOf(pods[0]!.head)
  return [
    ...(variables.get('RUN_ID') || isMoment(variables.get('START_AT'))
      ? []
      : [
          'neither RUN_ID nor a moment as START_AT was given: each pod made prompts of its own, so what several pods should share of the prefix cache was not shared',
        ]),
    ...(variables.get('CALIBRATION') === 'auto'
      ? [
          'CALIBRATION was auto: each pod calibrated for itself; give all of them one to send exactly what one process would',
        ]
      : []),
  ]
}

/** `next:30s` is a moment that each process finds for itself. */
function isMoment(startAt: unknown): boolean {
  return typeof startAt === 'object' && startAt !== null && 'atMs' in startAt
}

function asked(pods: readonly Pod[]): string[] {
  return workloadDiffers(pods)
    ? [
        'pods asked for different requests by their digests (another calibration, data set or version): together they are not known to be the requests of any other run',
      ]
    : []
}

function clocks(pods: readonly Pod[]): string[] {
  const all = [...new Set(pods.map(({ head }) => head.run['clock']))]
  if (all.length < 2) return []
  return [`pods took arrival times in different ways: ${all.map(String).sort().join(', ')}`]
}

/** Requests that k6 counted but that have no record. */
function lost(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ pod, results }) => {
    const finished = results?.report.total.finished ?? null
    if (finished === null || finished === pod.requests) return []
    return [
      `segment ${partName(pod.head.run.plan.segment)}: its results count ${finished} finished requests, its records hold ${pod.requests}`,
    ]
  })
}
