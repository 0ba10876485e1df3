import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'

/** What the pods of a run have in common, and what does not fit together. */
export interface PodsCheck {
  addRun(record: RunRecord, where: string): void
  /** @returns false for a request that another pod has sent too */
  addRequest(record: RequestRecord, where: string): boolean
  result(): PodsSummary
}

export interface PodsSummary {
  pods: number
  /** The run of the pod that began first; undefined when no line says what the run is. */
  run: RunRecord | undefined
  requests: number
  /** Requests that two pods have sent. */
  repeated: number
  /** Between the first and the last start of the load, each by its pod's own clock, ms. */
  skewMs: number
  /** They cannot be one run's. */
  problems: string[]
  /** They may be, with figures that are not quite those of one process. */
  warnings: string[]
}

/** Loads that begin further apart than this are not in the same phase at the same time. */
const SKEW_LIMIT_MS = 1000

/** Variables that may differ between the pods of one run. */
const OWN_TO_A_POD = new Set(['RESULTS', 'RECORDS'])

/** Collects the first lines and the requests of all pods; memory is an id a request. */
export function createPodsCheck(): PodsCheck {
  const runs: { record: RunRecord; where: string; startMs: number }[] = []
  const ids = new Map<string, string>()
  let requests = 0
  let repeated = 0
  let example: string | undefined

  return {
    addRun(record, where) {
      runs.push({ record, where, startMs: Date.parse(record.startedAt) })
    },
    addRequest(record, where) {
      requests++
      const other = ids.get(record.id)
      if (other === undefined) {
        ids.set(record.id, where)
        return true
      }
      repeated++
      example ??= `${record.id} in ${other} and ${where}`
      return false
    },
    result() {
      const ordered = [...runs].sort((a, b) => a.startMs - b.startMs)
      const first = ordered[0]
      const starts = ordered.map(({ startMs }) => startMs)
      const skewMs = starts.length < 2 ? 0 : starts[starts.length - 1]! - starts[0]!
      const problems = first === undefined ? [] : differences(runs, first)
      if (repeated > 0) {
        problems.push(
          `${repeated} requests are in more than one file (${example}): a file given twice, or pods without execution segments`,
        )
      }
      const warnings = first === undefined ? [] : doubts(runs, skewMs)
      const run = first?.record
      return { pods: runs.length, run, requests, repeated, skewMs, problems, warnings }
    },
  }
}

function differences(
  runs: readonly { record: RunRecord; where: string }[],
  first: { record: RunRecord; where: string },
): string[] {
  const { run } = first.record
  return runs.flatMap(({ record: { run: other }, where }) => {
    if (other.scenario !== run.scenario) {
      return [`${where} is of scenario ${other.scenario}, ${first.where} of ${run.scenario}`]
    }
    if (!equal(other.plan.phases, run.plan.phases) || !equal(other.slo, run.slo)) {
      return [`${where} has another plan or other limits than ${first.where}`]
    }
    const names = [...variablesOf(run).keys()].filter(
      (name) =>
        !OWN_TO_A_POD.has(name) && !equal(variablesOf(run).get(name), variablesOf(other).get(name)),
    )
    if (names.length === 0) return []
    return [`${where} has another ${names.join(', ')} than ${first.where}`]
  })
}

function doubts(runs: readonly { record: RunRecord; where: string }[], skewMs: number): string[] {
  const warnings: string[] = []
  if (skewMs > SKEW_LIMIT_MS) {
    warnings.push(
      `the pods' loads began ${Math.round(skewMs)} ms apart (by their own clocks): figures of a phase mix moments that far apart; give START_AT`,
    )
  }
  const variables = variablesOf(runs[0]!.record.run)
  if (runs.length > 1 && !variables.get('RUN_ID') && !variables.get('START_AT')) {
    warnings.push(
      'neither RUN_ID nor START_AT was given: each pod made prompts of its own, so what several pods should share of the prefix cache was not shared',
    )
  }
  if (runs.length > 1 && variables.get('CALIBRATION') === 'auto') {
    warnings.push(
      'CALIBRATION was auto: each pod calibrated for itself; give all of them one to send exactly what one process would',
    )
  }
  return warnings
}

function variablesOf(run: RunRecord['run']): Map<string, unknown> {
  const config = run['config'] as { values?: Record<string, unknown> } | undefined
  return new Map(Object.entries(config?.values ?? {}))
}

/** Both come from JSON that the same program wrote, so the order of keys is the same. */
function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
