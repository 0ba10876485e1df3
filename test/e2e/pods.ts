import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { createRecordReader, type RequestRecord, type RunRecord } from '../../lib/records/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { startSimulator, type SimRecord, type SimulatorSettings } from '../../simulator/index.ts'

export interface PodsRun {
  scenario: string
  env: Record<string, string>
  /** 1 runs k6 as it is, without segments. */
  pods: number
  server?: SimulatorSettings
  /** The process of this number, from 1, is killed once it has recorded a request. */
  killed?: number
  /** Each process is resumed so many ms after the one before. */
  apartMs?: number
}

export interface Pod {
  code: number | null
  stdout: string
  stderr: string
  /** Path of the records file's text, and what is in it. */
  text: string
  run: RunRecord | undefined
  requests: RequestRecord[]
  report: Report | undefined
}

const DEADLINE_MS = 80_000

/**
 * Runs a scenario as k6-operator does: N processes started paused with their segments, resumed one
 * after the other over the REST API once all are ready, each with a `setup()` of its own.
 */
export async function runPods(options: PodsRun): Promise<{ pods: Pod[]; seen: SimRecord[] }> {
  const simulator = await startSimulator({ ttftMs: 20, tpotMs: 2, ...options.server })
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-pods-'))
  const children: ChildProcess[] = []
  const kill = () => children.forEach((child) => child.kill('SIGKILL'))
  process.on('exit', kill)
  const deadline = setTimeout(kill, DEADLINE_MS)
  try {
    const ports = await freePorts(options.pods)
    const ends = ports.map((port, i) => {
      const cwd = path.join(folder, String(i + 1))
      mkdirSync(path.join(cwd, 'results'), { recursive: true })
      return start(options, { index: i + 1, port, cwd, url: simulator.url }, children)
    })
    // A process that ends before it was resumed had a problem, which its output tells.
    await Promise.race([Promise.all(ports.map((port) => ready(port))), Promise.any(ends)])
    for (const [i, port] of ports.entries()) {
      if (i > 0 && options.apartMs) await pause(options.apartMs)
      await resume(port)
    }
    if (options.killed !== undefined) {
      const file = path.join(folder, String(options.killed), 'records.jsonl')
      const child = children[options.killed - 1]!
      while (child.exitCode === null && !tryRead(file)?.includes('"record":"request"')) {
        await pause(50)
      }
      child.kill('SIGKILL')
    }
    const pods = await Promise.all(ends)
    return { pods, seen: simulator.records() }
  } finally {
    clearTimeout(deadline)
    kill()
    process.removeListener('exit', kill)
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(
  { scenario, env, pods }: PodsRun,
  own: { index: number; port: number; cwd: string; url: string },
  children: ChildProcess[],
): Promise<Pod> {
  const { index, port, cwd, url } = own
  const bounds = Array.from({ length: pods + 1 }, (_, i) =>
    i === 0 ? '0' : i === pods ? '1' : `${i}/${pods}`,
  )
  const segment =
    pods === 1
      ? []
      : [
          `--execution-segment=${bounds[index - 1]}:${bounds[index]}`,
          `--execution-segment-sequence=${bounds.join(',')}`,
        ]
  const script = path.join(inject('bundles'), `${scenario}.js`)
  // The order is the operator's.
  const args = [
    ...['run', '--quiet', ...segment, '--tag', 'testid=t', '--log-format', 'raw'],
    ...['--console-output', 'records.jsonl', script, `--address=127.0.0.1:${port}`, '--paused'],
    ...['--tag', `instance_id=${index}`, '--tag', 'testrun_name=t'],
  ]
  const child = spawn(inject('k6'), args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      K6_NO_USAGE_REPORT: 'true',
      BASE_URL: url,
      RECORDS: 'gaps',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const text = tryRead(path.join(cwd, 'records.jsonl')) ?? ''
      const json = tryRead(path.join(cwd, 'results', `${scenario}.json`))
      const report = json === undefined ? undefined : (JSON.parse(json) as Report)
      resolve({ code, stdout, stderr, text, ...parse(text, signal === 'SIGKILL'), report })
    })
  })
}

/** A process that was killed leaves its last line cut. */
function parse(text: string, killed: boolean): Pick<Pod, 'run' | 'requests'> {
  const found: Pick<Pod, 'run' | 'requests'> = { run: undefined, requests: [] }
  const reader = createRecordReader({
    onRun: (run) => (found.run = run),
    onRequest: (record) => found.requests.push(record),
    onProblem: ({ line, message }) => {
      if (killed) return
      throw new Error(`line ${line} of the records ${message}`)
    },
  })
  reader.feed(text)
  reader.end()
  return found
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Ports that were free a moment ago; all are held until the last is known. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** Waits until k6 says that it is paused: its VUs are made and `setup()` has not begun. */
async function ready(port: number): Promise<void> {
  for (;;) {
    const paused = await fetch(`http://127.0.0.1:${port}/v1/status`)
      .then(async (answer) => ((await answer.json()) as Status).data.attributes.paused)
      .catch(() => false)
    if (paused) return
    await pause(50)
  }
}

interface Status {
  data: { attributes: { paused: boolean } }
}

/** What the operator's starter sends with curl. */
async function resume(port: number): Promise<void> {
  const attributes = { paused: false, stopped: false }
  const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes } })
  await fetch(`http://127.0.0.1:${port}/v1/status`, { method: 'PATCH', body })
}
