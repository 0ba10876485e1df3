import type {
  EndRecord,
  GradeRecord,
  RecordSink,
  RequestRecord,
  RunRecord,
  ServerRecord,
} from '../records/index.ts'
import { createDetail } from './detail.ts'
import type { Detail } from './detail-types.ts'
import { createIntervals } from './intervals/index.ts'
import type { IntervalCollector } from './intervals/index.ts'
import { createSaid } from './said.ts'
import type { Said } from './said.ts'
import { createSampler } from './sample.ts'
import { createSummarizer } from './summarize.ts'
import type { Summarizer } from './summarize.ts'
import type { RequestSample } from './types.ts'

/** What to keep of the records that are read. */
export interface CollectOptions {
  /** Keep the data about each request that comparisons need. */
  requests: boolean
  /** Keep time series, distributions and single requests. */
  detail: boolean
  /** Compute all figures, as k6 would have. */
  figures: boolean
  /** Say how certain figures are. */
  intervals: boolean
  /** What a judge said of answers after the run, by the request's id: for `detail`. */
  judged?: ReadonlyMap<string, GradeRecord> | undefined
}

/** One process of the run, as its records tell it. */
export interface Pod {
  readonly head: RunRecord
  readonly file: string
  /** Undefined where the process was killed or the file was cut. */
  end: EndRecord | undefined
  /** Latest time in any of its records, ms from the start of the load. */
  lastMs: number
  requests: number
  readonly server: ServerRecord[]
}

/** Everything that the records of one run say. */
export interface Collected {
  /** In the order in which they were read; at least one. */
  readonly pods: readonly Pod[]
  readonly requests: readonly RequestSample[] | undefined
  readonly server: readonly ServerRecord[]
  readonly detail: Detail | undefined
  /** Has taken all requests, and waits for the server's figures; undefined when not asked for. */
  readonly summarizer: Summarizer | undefined
  /** Has taken all requests; undefined when not asked for. */
  readonly intervals: IntervalCollector | undefined
  readonly said: Said
}

/** Why the records are not those of one run; each problem begins with a file's name. */
export type Collecting = { ok: true; collected: Collected } | { ok: false; problems: string[] }

export interface RunCollector {
  /** Takes the records of one file: of one process, or of several in sequence. */
  file(name: string): Omit<RecordSink, 'onProblem'>
  /** What the files so far hold. */
  collected(): Collecting
}

const SHOWN_PROBLEMS = 10

/** Collects the records of one run, of one process or of the pods that shared its load. */
export function createRunCollector(options: CollectOptions): RunCollector {
  const pods: Pod[] = []
  const requests: RequestSample[] = []
  const server: ServerRecord[] = []
  /** File of each request's record, by the request's id. */
  const files = new Map<string, string>()
  const words = createSaid()
  const problems: string[] = []
  let twice = 0
  let parts: ReturnType<typeof partsOf> | undefined

  return { file, collected }

  function file(name: string): Omit<RecordSink, 'onProblem'> {
    let pod: Pod | undefined
    return {
      onRun(head) {
        pod = { head, file: name, end: undefined, lastMs: 0, requests: 0, server: [] }
        pods.push(pod)
        parts ??= partsOf(head.run, options)
      },
      onRequest(record, line) {
        if (pod === undefined) return early(name, line)
        pod.requests++
        pod.lastMs = Math.max(pod.lastMs, record.endMs)
        add(record, name)
      },
      onAnswer(record) {
        parts?.detail?.addAnswer(record)
      },
      onServer(record) {
        if (pod === undefined) return
        pod.lastMs = Math.max(pod.lastMs, record.atMs)
        pod.server.push(record)
        server.push(record)
        parts?.detail?.addServer(record)
      },
      onEnd(record) {
        if (pod !== undefined) pod.end = record
      },
    }
  }

  function add(record: RequestRecord, name: string): void {
    const other = files.get(record.id)
    if (other !== undefined) {
      twice++
      if (twice === 1) problems.push(twiceText(record.id, other, name))
      return
    }
    files.set(record.id, name)
    if (parts?.sample !== undefined) requests.push(parts.sample(record))
    parts?.detail?.add(record)
    parts?.summarizer?.add(record)
    parts?.intervals?.add(record)
    words.add(record)
  }

  function early(name: string, line: number): void {
    if (problems.length >= SHOWN_PROBLEMS) return
    const text = `${name}:${line}: a request before the line that says what the run is (\`"record":"run"\`, the first line that RECORDS=on writes). A log that a node has rotated lacks its beginning`
    if (!problems.some((problem) => problem.startsWith(`${name}:`))) problems.push(text)
  }

  function collected(): Collecting {
    if (problems.length > 0) return { ok: false, problems }
    if (parts === undefined) return { ok: false, problems: ['no line says what the run is'] }
    return {
      ok: true,
      collected: {
        pods,
        requests: options.requests ? requests : undefined,
        server,
        detail: parts.detail?.detail(segmentOf(pods)),
        summarizer: parts.summarizer,
        intervals: parts.intervals,
        said: words.said,
      },
    }
  }
}

function partsOf(
  run: RunRecord['run'],
  { requests, detail, figures, intervals, judged }: CollectOptions,
) {
  return {
    sample: requests ? createSampler(run) : undefined,
    detail: detail ? createDetail(run, judged) : undefined,
    summarizer: figures ? createSummarizer(run) : undefined,
    intervals: intervals ? createIntervals(run) : undefined,
  }
}

function twiceText(id: string, first: string, second: string): string {
  const where = first === second ? `twice in ${first}` : `in ${first} and in ${second}`
  return `${second}: request ${id} is ${where}: records of one file are given twice, or they are of several runs`
}

/** Part of the load that these processes played; for a single one, its own. */
function segmentOf(pods: readonly Pod[]): string | null {
  const segments = pods.map(({ head }) => head.run.plan.segment)
  return segments.includes(null) ? null : segments.join(',')
}

/** How far into the plan the run got: to its end, or else to the latest time in the records. */
export function elapsedMs(pods: readonly Pod[]): number {
  return Math.max(...pods.map(({ end, lastMs }) => end?.atMs ?? lastMs))
}
