import { createRunCollector, FROM_RECORDS, makeRun, mergePods } from '../../lib/runs/index.ts'
import type { RequestRecord, ServerRecord } from '../../lib/records/index.ts'
import type { Collected, MergedPods, PodResults, Run, RunCollector } from '../../lib/runs/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'
import { findRun, findRuns } from './find.ts'
import type { RunFiles } from './find.ts'
import { arePods, inOrder } from './pods.ts'
import { readRecords } from './records.ts'
import { readReport } from './results.ts'

export interface ReadOptions {
  /** Keep what is compared of each request (true). */
  requests?: boolean
  /** Courses over time, distributions and single requests (false). */
  detail?: boolean
  /** Go on where lines are broken; false: say that there is this option. */
  skipBad?: boolean | undefined
  /** Why the run ended before its time, where its files do not tell. */
  stopped?: string | undefined
}

/**
 * Reads one run: a results file, records, a folder, or what several pods left.
 * @param paths files and folders of the run, in any order
 * @throws InputError, beginning with a file (and line), for what cannot be used
 */
export async function readRun(
  paths: string | readonly string[],
  options: ReadOptions = {},
): Promise<Run> {
  return readFiles(await findRun(typeof paths === 'string' ? [paths] : paths), options)
}

/**
 * Reads the runs that a path names: one run (of several pods, where its folders are those), or a
 * folder of run folders, which are repeats, in the order of their names.
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
  const given = await readResults(files)
  // A report of records is no more than they are themselves, and may be older.
  const own = files.records.length === 0 ? given : given.filter(({ report }) => !isComputed(report))
  const [results, another] = own
  let collected: Collected | undefined
  let merged: MergedPods | undefined
  if (files.records.length > 0) {
    // Pods, each with its results or not, are one run by the requests of all of them.
    const figures = files.records.length > 1 || own.length !== 1
    collected = await collect(files, { ...options, figures }, notes)
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
  return makeRun(files.name, { results: results?.report, collected, merged, stopped }, sources)
}

/** What several pods left, as one run. */
export interface PodsRead {
  merged: MergedPods
  pods: number
  requests: number
  notes: string[]
}

/**
 * Reads what the pods of one run left, a single one's too.
 * @param each gets every request and every look at the server, once and in one order
 * @throws InputError, beginning with a file, when they are not those of one run
 */
export async function readPods(
  files: RunFiles,
  skipBad: boolean,
  each: (record: RequestRecord | ServerRecord) => void,
): Promise<PodsRead> {
  if (files.records.length === 0) {
    throw new InputError(`${files.name}: holds no request records (.jsonl, .log)`)
  }
  const notes: string[] = []
  const results = (await readResults(files)).filter(({ report }) => !isComputed(report))
  const options = { requests: false, figures: true, skipBad, each }
  const collected = await collect(files, options, notes)
  const { pods } = collected
  const requests = pods.reduce((all, pod) => all + pod.requests, 0)
  return { merged: mergedOf(collected, results), pods: pods.length, requests, notes }
}

function mergedOf({ pods, summarizer }: Collected, results: readonly PodResults[]): MergedPods {
  if (summarizer === undefined) {
    throw new InputError(
      `${pods[0]?.file ?? ''}: holds the records of several pods, beside results of one: keep a file for each`,
    )
  }
  const merging = mergePods(pods, results, summarizer)
  if (merging.ok) return merging.merged
  throw new InputError(merging.problems.join('\n'))
}

/** The results among the files; of copies, such as `report` makes, the first. */
async function readResults({ results }: RunFiles): Promise<PodResults[]> {
  const found = new Map<string, PodResults>()
  for (const file of results) {
    const report = await readReport(file)
    const text = JSON.stringify(report)
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
    skipBad,
    each,
  }: ReadOptions & {
    figures: boolean
    each?: (record: RequestRecord | ServerRecord) => void
  },
  notes: string[],
): Promise<Collected> {
  const collector = createRunCollector({ requests, detail, figures })
  for (const file of await inOrder(records)) {
    const sink = collector.file(file)
    notes.push(...(await readRecords(file, each ? tee(sink, each) : sink, skipBad)))
  }
  const found = collector.collected()
  if (found.ok) return found.collected
  const where = (problem: string) =>
    records.some((file) => problem.startsWith(file)) ? problem : `${name}: ${problem}`
  throw new InputError(found.problems.map(where).join('\n'))
}

function tee(
  sink: ReturnType<RunCollector['file']>,
  each: (record: RequestRecord | ServerRecord) => void,
): typeof sink {
  return {
    ...sink,
    onRequest(record, line) {
      sink.onRequest(record, line)
      each(record)
    },
    onServer(record, line) {
      sink.onServer?.(record, line)
      each(record)
    },
  }
}

/** @throws InputError when the results are another run's than the records */
function check({ file, report }: PodResults, { pods }: Collected): string[] {
  const { startedAt } = report.run
  const heads = pods.map(({ head }) => head.startedAt)
  if (startedAt !== null && !heads.includes(startedAt)) {
    throw new InputError(
      `${file}: results of the run of ${startedAt}, beside records of ${heads.join(' and ')}; name one run's`,
    )
  }
  const held = pods.reduce((sum, { requests }) => sum + requests, 0)
  const { finished } = report.total
  if (finished === null || finished === held) return []
  return [
    `${file} counts ${finished} finished requests, the records hold ${held}: figures are the results', courses and single requests are of the records`,
  ]
}
