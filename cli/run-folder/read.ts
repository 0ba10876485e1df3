import {
  createRunCollector,
  FROM_RECORDS,
  makeRun,
  mergePods,
  onlySeen,
  withoutAdded,
} from '../../lib/runs/index.ts'
import type { AnswerRecord, RequestRecord, ServerRecord } from '../../lib/records/index.ts'
import type {
  Collected,
  CollectOptions,
  MergedPods,
  PodResults,
  Run,
  RunCollector,
  Said,
} from '../../lib/runs/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'
import { withoutJudge } from '../../lib/judge/index.ts'
import { findRun, findRuns } from './find.ts'
import type { RunFiles } from './find.ts'
import { gradesIn, judgedRun, readAllJudged } from './judged.ts'
import { arePods, inOrder, startsOf } from './pods.ts'
import { lastEnd, readRecords } from './records.ts'
import { readReport } from './results.ts'
import { reviewed } from './reviews.ts'

export interface ReadOptions {
  /** Keep the fields of each request that comparisons need (default true). */
  requests?: boolean
  /** Collect figures over time, distributions and single requests (default false). */
  detail?: boolean
  /** Skip broken lines; `false`: fail, and mention the option. */
  skipBad?: boolean | undefined
  /** Why the run ended early, if its files do not say. */
  stopped?: string | undefined
}

/**
 * Reads one run: a results file, records, a folder, or the files of several pods.
 * @param paths files and folders of the run, in any order
 * @throws InputError, beginning with a file (and line), for input that cannot be used
 */
export async function readRun(
  paths: string | readonly string[],
  options: ReadOptions = {},
): Promise<Run> {
  return readFiles(await findRun(typeof paths === 'string' ? [paths] : paths), options)
}

/**
 * Reads the runs that a path names: one run (its subfolders may be those of pods), or a folder of run
 * folders, which are repeats, in the order of their names.
 * @throws InputError as {@link readRun}
 */
export async function readRuns(given: string, options: ReadOptions = {}): Promise<Run[]> {
  const found = await findRuns(given)
  if (await arePods(found)) return [await readRun(given, options)]
  const runs: Run[] = []
  for (const files of found) runs.push(await readFiles(files, options))
  return runs
}

async function readFiles(files: RunFiles, options: ReadOptions): Promise<Run> {
  const notes: string[] = []
  if (files.results.length + files.records.length === 0) {
    throw new InputError(`${files.name}: holds no results (.json) and no request records (.jsonl)`)
  }
  const judged = await readAllJudged(files.judged)
  const given = await readResults(files)
  // A report computed from records adds nothing to them, and may be older.
  const own = files.records.length === 0 ? given : given.filter(({ report }) => !isComputed(report))
  const [results, another] = own
  let collected: Collected | undefined
  let merged: MergedPods | undefined
  if (files.records.length > 0) {
    // Several pods are one run, computed from the requests of all of them, with or without results.
    const figures = files.records.length > 1 || own.length !== 1
    const grades =
      options.detail && judged.length > 0
        ? gradesIn(judged, await startsOf(files.records))
        : undefined
    collected = await collect(files, { ...options, figures, judged: grades }, notes)
    if (collected.pods.length > 1) merged = mergedOf(collected, own)
  }
  if (merged === undefined && another !== undefined) {
    throw new InputError(
      `${files.name}: results of several runs (${own.map(({ file }) => file).join(', ')}); name the one you mean`,
    )
  }
  if (merged === undefined && results !== undefined && collected !== undefined) {
    notes.push(...check(results, collected))
  }
  const sources = {
    results: own.map(({ file }) => file),
    records: files.records,
    pods: collected?.pods.length ?? 1,
    notes,
  }
  const { stopped } = options
  const parts = { results: results?.report, collected, merged, stopped }
  const run = judgedRun(makeRun(files.name, parts, sources), judged, notes)
  return reviewed(run, files.reviews, notes)
}

/** What the records of several pods have in common with those of one. */
export type PodsRecord = RequestRecord | AnswerRecord | ServerRecord

/** The files of several pods, read as one run. */
export interface PodsRead {
  merged: MergedPods
  intervals: Collected['intervals']
  pods: number
  requests: number
  /** One example of the words said with each reason of failure. */
  said: Said
  notes: string[]
}

/**
 * Reads the files of the pods of one run, also of a single pod.
 * @param each called once for every request, kept answer and server record, in a fixed order
 * @throws InputError, beginning with a file, when they do not belong to one run
 */
export async function readPods(
  files: RunFiles,
  skipBad: boolean,
  each: (record: PodsRecord) => void,
): Promise<PodsRead> {
  if (files.records.length === 0) {
    throw new InputError(`${files.name}: holds no request records (.jsonl, .log)`)
  }
  const notes: string[] = []
  const results = (await readResults(files)).filter(({ report }) => !isComputed(report))
  const options = { requests: false, figures: true, skipBad, each }
  const collected = await collect(files, options, notes)
  const { pods, said } = collected
  const requests = pods.reduce((all, pod) => all + pod.requests, 0)
  const { intervals } = collected
  const merged = mergedOf(collected, results)
  return { merged, intervals, pods: pods.length, requests, said, notes }
}

function mergedOf({ pods, summarizer }: Collected, results: readonly PodResults[]): MergedPods {
  if (summarizer === undefined) {
    throw new InputError(
      `${pods[0]?.file ?? ''}: holds records of several pods, but there are results of only one; keep one records file per pod`,
    )
  }
  const merging = mergePods(pods, results, summarizer)
  if (merging.ok) return merging.merged
  throw new InputError(merging.problems.join('\n'))
}

/** The results among the files; of identical copies, such as `report` makes, only the first. */
async function readResults({ results }: RunFiles): Promise<PodResults[]> {
  const found = new Map<string, PodResults>()
  for (const file of results) {
    const report = await readReport(file)
    const text = JSON.stringify(withoutAdded(withoutJudge(report)))
    if (!found.has(text)) found.set(text, { file, report })
  }
  return [...found.values()]
}

function isComputed({ warnings }: Report): boolean {
  return warnings.some(({ type }) => type === FROM_RECORDS)
}

async function collect(
  { name, records }: RunFiles,
  {
    requests = true,
    detail = false,
    figures,
    judged,
    skipBad,
    each,
  }: ReadOptions & {
    figures: boolean
    judged?: CollectOptions['judged']
    each?: (record: PodsRecord) => void
  },
  notes: string[],
): Promise<Collected> {
  const collector = createRunCollector({ requests, detail, figures, judged, intervals: true })
  for (const file of await inOrder(records)) {
    const sink = collector.file(file)
    const told = each ? tee(sink, each) : sink
    // A run that ended because its limits were decided is what its last look saw of it.
    const decided = (await lastEnd(file))?.decided
    notes.push(...(await readRecords(file, decided ? onlySeen(told, decided) : told, skipBad)))
  }
  const found = collector.collected()
  if (found.ok) return found.collected
  const where = (problem: string) =>
    records.some((file) => problem.startsWith(file)) ? problem : `${name}: ${problem}`
  throw new InputError(found.problems.map(where).join('\n'))
}

function tee(
  sink: ReturnType<RunCollector['file']>,
  each: (record: PodsRecord) => void,
): typeof sink {
  return {
    ...sink,
    onRequest(record, line) {
      sink.onRequest(record, line)
      each(record)
    },
    onAnswer: each,
    onServer(record, line) {
      sink.onServer?.(record, line)
      each(record)
    },
  }
}

/** @throws InputError when results and records belong to different runs */
function check({ file, report }: PodResults, { pods }: Collected): string[] {
  const { startedAt } = report.run
  const heads = pods.map(({ head }) => head.startedAt)
  if (startedAt !== null && !heads.includes(startedAt)) {
    throw new InputError(
      `${file}: results of the run started at ${startedAt}, but records of ${heads.join(' and ')}; name the files of one run`,
    )
  }
  const held = pods.reduce((sum, { requests }) => sum + requests, 0)
  const { finished } = report.total
  if (finished === null || finished === held) return []
  return [
    `${file} counts ${finished} finished requests, the records hold ${held}: figures come from the results, charts over time and single requests from the records`,
  ]
}
