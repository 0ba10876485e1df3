import type { RecordsSummary } from '../summarize.ts'
import { partName, variablesOf } from './check.ts'
import type { PodRecords, PodResults } from './types.ts'

/** Collects what makes a merged run's figures other than one process's, a sentence each. */
export function createNotes(pods: readonly PodRecords[], { metrics }: RecordsSummary) {
  const found = [...shared(pods), ...clocks(pods)]

  return {
    all: () => found,

    /** @param titles of metrics that records hold no values of */
    worst(titles: readonly string[]): void {
      if (titles.length === 0) return
      found.push(
        `${titles.join(', ')}: percentiles are the worst pod's, which those of all pods are not above, as the records hold no gaps between tokens (RECORDS=gaps)`,
      )
    },

    /** @param names of a user's metrics that do not add up */
    partly(names: readonly string[]): void {
      if (names.length === 0) return
      found.push(
        `own metrics ${names.join(', ')}: percentiles and last values of several pods do not add up and are left out`,
      )
    },

    /** @param results of how many pods there are */
    unknown(results: number): void {
      const gaps = metrics['llm_itl']?.values['count'] ? '' : ' ITL and ICL without RECORDS=gaps,'
      found.push(
        `results of ${results} of ${pods.length} pods: not known are${gaps} requests that the end cut off or that were never sent, and own checks, thresholds and metrics`,
      )
    },

    compare({ head, requests }: PodRecords, results: PodResults | undefined): void {
      const finished = results?.report.total.finished ?? null
      if (finished === null || finished === requests) return
      found.push(
        `segment ${partName(head.run.plan.segment)}: its results count ${finished} finished requests, its records hold ${requests}`,
      )
    },
  }
}

function shared(pods: readonly PodRecords[]): string[] {
  if (pods.length < 2) return []
  const variables = variablesOf(pods[0]!.head)
  return [
    ...(variables.get('RUN_ID') || variables.get('START_AT')
      ? []
      : [
          'neither RUN_ID nor START_AT was given: each pod made prompts of its own, so what several pods should share of the prefix cache was not shared',
        ]),
    ...(variables.get('CALIBRATION') === 'auto'
      ? [
          'CALIBRATION was auto: each pod calibrated for itself; give all of them one to send exactly what one process would',
        ]
      : []),
  ]
}

function clocks(pods: readonly PodRecords[]): string[] {
  const all = [...new Set(pods.map(({ head }) => head.run['clock']))]
  if (all.length < 2) return []
  return [`pods took arrival times in different ways: ${all.map(String).sort().join(', ')}`]
}
