import type { EndRecord, RunRecord } from '../../records/index.ts'
import type { Report, RunInfo } from '../../results/index.ts'
import type { RecordsSummary } from '../summarize.ts'

/** A pod's own results, as its k6 wrote them. */
export interface PodResults {
  readonly file: string
  readonly report: Report
}

/** Several pods as one run: what `buildReport` takes, and the first and last lines of its records. */
export interface MergedPods {
  readonly head: RunRecord
  /** Undefined where a pod has no end, as the run's end is then not known. */
  readonly end: EndRecord | undefined
  readonly info: RunInfo
  readonly summary: RecordsSummary
}
