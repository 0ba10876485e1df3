import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { guarded, InputError, TERMINAL, type Terminal } from '../../command.ts'
import { main as compare } from '../../compare/index.ts'
import { exitOf, NO_LOAD } from '../../k6-process/index.ts'
import { mergeFiles } from '../../merge/index.ts'
import { main as report } from '../../report/index.ts'
import { stopOnSignal } from '../../stop-on-signal.ts'
import { createCluster, type Cluster } from './kubectl.ts'
import { createLogs } from './logs.ts'
import { readTestRun, type TestRunFile } from './manifest.ts'
import { HELP, parseRunOptions, type RunOptions } from './options.ts'
import { pushRun } from './push.ts'
import { watchRun, type Watched } from './watch.ts'

/** Lines of a pod's own words that are shown when it sent nothing. */
const SHOWN_LINES = 20

/** `k6-inference k8s run`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('k8s run', () => run(argv, terminal), terminal)
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseRunOptions(argv)
  if (options === 'help') {
    terminal.out(HELP)
    return 0
  }
  const test = await readTestRun(options.file)
  if (test.onVolume && options.results === undefined) {
    throw new InputError(
      `${options.file}: its pods write records to a claim; --results names where it is mounted, or write the file without --results-claim`,
    )
  }
  const { kubectl, context } = options
  const namespace = options.namespace ?? test.manifest.metadata.namespace
  const cluster = createCluster({ kubectl, context, namespace })
  const name = await cluster.create(test.manifest)
  terminal.note(`k8s run: created TestRun ${name}\n`)
  const stop = stopOnSignal()
  try {
    return await collect(cluster, name, { test, options, terminal, signal: stop.signal })
  } finally {
    stop.forget()
    if (!options.keep) {
      await cluster.remove(name).catch((error: Error) => {
        terminal.note(`k8s run: ${name} is left in the cluster: ${error.message}\n`)
      })
    }
  }
}

interface Job {
  test: TestRunFile
  options: RunOptions
  terminal: Terminal
  signal: AbortSignal
}

async function collect(cluster: Cluster, name: string, job: Job): Promise<number> {
  const { test, options, terminal, signal } = job
  const folder = path.resolve(options.out, name)
  const logFolder = path.join(folder, 'logs')
  await mkdir(logFolder, { recursive: true })
  const logs = createLogs(cluster, logFolder)
  const watched = await watchRun(cluster, name, {
    parallelism: test.parallelism,
    startMs: options.startMs,
    limitMs: options.limitMs,
    everyMs: options.everyMs,
    note: terminal.note,
    onLog: logs.follow,
    signal,
  })
  // Deleting it ends the load; k6 then still writes its summary and the last lines of the records.
  if (watched.end === 'stopped' || watched.end === 'long') await cluster.remove(name)
  if (watched.end === 'failed' || watched.end === 'late') {
    return await noLoad(cluster, name, watched, job)
  }
  await logs.end()
  const lost = lostPods(watched)
  for (const pod of lost) terminal.note(`k8s run: pod ${pod}\n`)
  const paths = [options.results === undefined ? logFolder : path.join(options.results, name)]
  let code: number
  try {
    const into = { out: folder, force: false, skipBad: true, lost }
    code = exitOf((await mergeFiles(paths, into, terminal)).report)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`k8s run: the pods left no records that can be read: ${error.message}\n`)
    for (const pod of watched.pods) await showLog(path.join(logFolder, `${pod.name}.log`), terminal)
    return NO_LOAD
  }
  const judged = await judge(folder, code, options, terminal)
  return await delivered(folder, judged, options, terminal)
}

/** A run whose results went nowhere is none that went well. */
async function delivered(
  folder: string,
  code: number,
  { push }: RunOptions,
  terminal: Terminal,
): Promise<number> {
  if (push === undefined) return code
  try {
    await pushRun(folder, push, terminal)
    return code
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`k8s run: the results were not pushed: ${error.message}\n`)
    return code === 0 ? 1 : code
  }
}

/** Report, and gate, of the merged run. */
async function judge(
  folder: string,
  code: number,
  { formats, gate, tolerances }: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const base = path.join(folder, 'report')
  await report([folder, '--out', base, '--formats', formats], terminal)
  if (gate === undefined || code !== 0) return code
  const limits = tolerances.flatMap((tolerance) => ['--tolerance', tolerance])
  return await compare(['--gate', gate, ...limits, folder], terminal)
}

/** Pods that did not end by themselves, and those that a run without an end leaves behind. */
function lostPods({ end, pods }: Watched): string[] {
  const late = end === 'finished' ? undefined : 'was still running when the TestRun was deleted'
  return pods.flatMap(({ name, lost, ended }) => {
    const why = lost ?? (ended ? undefined : late)
    return why === undefined ? [] : [`${name}: ${why}`]
  })
}

/** Says why there was no load, as far as the cluster knows. */
async function noLoad(
  cluster: Cluster,
  name: string,
  { end, pods }: Watched,
  { test, options, terminal }: Job,
): Promise<number> {
  const what =
    end === 'late'
      ? `the load had not begun after ${options.startMs / 1000} s`
      : 'the operator stopped before the load'
  terminal.note(`k8s run: no load was sent: ${what}\n`)
  if (pods.length < test.parallelism) {
    terminal.note(`k8s run: ${pods.length} of ${test.parallelism} pods were made\n`)
  }
  for (const { name: pod, waits, lost } of pods) {
    if (waits !== undefined || lost !== undefined) {
      terminal.note(`k8s run: pod ${pod}: ${waits ?? lost}\n`)
    }
  }
  const initializer = await cluster.log(`job/${name}-initializer`).catch(() => '')
  if (initializer.trim() !== '') terminal.note(`initializer:\n${lastLines(initializer)}\n`)
  return NO_LOAD
}

async function showLog(file: string, terminal: Terminal): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (text.trim() !== '') terminal.note(`${path.basename(file)}:\n${lastLines(text)}\n`)
}

function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n')
  return lines
    .slice(-SHOWN_LINES)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join('\n')
}
