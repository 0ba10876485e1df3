import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, inject, vi } from 'vitest'
import { readRun } from '../../cli/run-folder/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import type { SimRecord, SimulatorSettings } from '../../simulator/index.ts'

export interface Scenario {
  scenario: string
  /** Over the quick ones below; undefined takes a variable away. */
  env?: Record<string, string | undefined>
  /** Of the simulator; `fault` strikes every request but the preflight's. */
  server?: SimulatorSettings
  fault?: string
  args?: readonly string[]
  /** Ctrl-C as soon as the server has seen so many requests of the load. */
  interruptAfter?: number
  /** Make `results/` in the folder k6 runs in; true by default. */
  resultsFolder?: boolean
  /** Folder to take `scenario.js` from; the built bundles by default. */
  bundles?: string
  /** Another k6 than the one that all tests share. */
  k6?: string
  /** Environment of k6 beside PATH and HOME. */
  shell?: Readonly<Record<string, string>>
}

export interface Run {
  code: number | null
  stdout: string
  stderr: string
  /** results/SCENARIO.json, else made of results/requests.jsonl; undefined when there is neither. */
  report: Report | undefined
  /** What the server saw of each request that reached it, the preflight's first. */
  records: SimRecord[]
  /** That the server accepted, those for its `/metrics` among them. */
  connections: number
  /** Files that k6 left in its folder. */
  files: string[]
  /** Most memory that k6 had, KiB; 0 where the system does not tell (no /proc). */
  peakKib: number
}

/** A run of some seconds, on answers of a tenth of one. */
const QUICK: Record<string, string> = {
  RATE: '10',
  DURATION: '2s',
  WARMUP: '0',
  RAMP_DURATION: '2s',
  SPIKE_DURATION: '2s',
  RECOVERY_DURATION: '2s',
  INPUT_TOKENS: '40',
  OUTPUT_TOKENS: '10',
  EXPECTED_E2E: '2s',
  MAX_VUS: '40',
  TIMEOUT_FIRST_TOKEN: '3s',
  TIMEOUT_IDLE: '2s',
  // Its requests come before the load, as the preflight's does, and take longer than a quick run.
  CALIBRATION: 'off',
}

const QUICK_SERVER: SimulatorSettings = { ttftMs: 30, tpotMs: 5 }

const DEADLINE_MS = 75_000

/**
 * Runs a scenario with the real k6 against a simulator of its own, in an empty folder, with nothing of
 * the shell's environment but PATH and HOME.
 */
export async function runScenario(scenario: Scenario): Promise<Run> {
  const faults =
    scenario.fault === undefined ? [] : [{ fault: scenario.fault, probability: 1, from: 1 }]
  const simulator = await startSimulator({ ...QUICK_SERVER, faults, ...scenario.server })
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-run-'))
  try {
    if (scenario.resultsFolder !== false) mkdirSync(path.join(folder, 'results'))
    const { interruptAfter = Infinity } = scenario
    const enough = () => simulator.records().length > interruptAfter
    const { code, stdout, stderr, peakKib } = await runK6(scenario, simulator.url, folder, enough)
    // The server may learn of a connection's end after k6 is gone.
    await vi.waitFor(() => expect(simulator.stats().inFlight).toBe(0), { timeout: 10_000 })
    return {
      code,
      stdout,
      stderr,
      peakKib,
      report: await readReport(path.join(folder, 'results'), scenario.scenario),
      records: simulator.records(),
      connections: simulator.stats().connections,
      files: readdirSync(folder, { recursive: true, encoding: 'utf8' }),
    }
  } finally {
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether the machine was quick enough for a verdict: one that is busy with other tests may not be. */
export function isJudged(run: Run): boolean {
  return run.report?.client.status !== 'limited'
}

/** What a server saw of the load: all but the preflight. */
export function loadRecords(run: Run): SimRecord[] {
  return run.records.filter(({ sequence }) => sequence > 0)
}

function runK6(
  { scenario, env, args = [], bundles = inject('bundles'), k6 = inject('k6'), shell }: Scenario,
  url: string,
  cwd: string,
  interrupt: () => boolean,
): Promise<Pick<Run, 'code' | 'stdout' | 'stderr' | 'peakKib'>> {
  const variables = { ...QUICK, BASE_URL: url, ...env }
  const given = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : ['-e', `${name}=${value}`],
  )
  const script = path.join(bundles, `${scenario}.js`)
  return new Promise((resolve, reject) => {
    // No REST API: runs beside each other would ask for the same port.
    const child = spawn(k6, ['run', '--address', '', ...given, ...args, script], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, K6_NO_USAGE_REPORT: 'true', ...shell },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const kill = () => child.kill('SIGKILL')
    const deadline = setTimeout(() => {
      kill()
      reject(new Error(`k6 did not end within ${DEADLINE_MS / 1000} s\n${stdout}\n${stderr}`))
    }, DEADLINE_MS)
    process.on('exit', kill)
    let peakKib = 0
    let interrupted = false
    const watch = setInterval(() => {
      peakKib = Math.max(peakKib, peakOf(child.pid))
      if (interrupted || !interrupt()) return
      interrupted = true
      child.kill('SIGINT')
    }, 20)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(deadline)
      clearInterval(watch)
      process.removeListener('exit', kill)
      resolve({ code, stdout, stderr, peakKib })
    })
  })
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function readReport(folder: string, scenario: string): Promise<Report | undefined> {
  const results = path.join(folder, `${scenario}.json`)
  if (existsSync(results)) return JSON.parse(readFileSync(results, 'utf8')) as Report
  const records = path.join(folder, 'requests.jsonl')
  if (!existsSync(records)) return undefined
  return (await readRun(records, { detail: true })).report
}
