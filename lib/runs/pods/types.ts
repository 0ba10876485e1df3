import type { EndRecord, RunRecord, ServerRecord } from '../../records/index.ts'
import type { Report, RunInfo } from '../../results/index.ts'
import type { RecordsSummary } from '../summarize.ts'

/** What the records of one pod said, besides its requests. */
export interface PodRecords {
  readonly file: string
  readonly head: RunRecord
  /** Undefined where the process was killed or the file was cut. */
  readonly end: EndRecord | undefined
  /** Last time that a record tells, ms from the start of the pod's load. */
  readonly lastMs: number
  readonly requests: number
  readonly server: readonly ServerRecord[]
}

/** A pod's own results, as its k6 wrote them. */
export interface PodResults {
  readonly file: string
  readonly report: Report
}

/** Several pods as one run: what `buildReport` takes, and what stands around its records. */
export interface MergedPods {
  readonly head: RunRecord
  /** Undefined where a pod has no end: the run has none that is known. */
  readonly end: EndRecord | undefined
  readonly info: RunInfo
  readonly summary: RecordsSummary
}
