import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Measurement, RunPlan } from '../../lib/capacity/index.ts'
import { measurementOf } from '../../lib/capacity/index.ts'
import { describeVariables } from '../../lib/config/index.ts'
import { InputError } from '../command.ts'
import { readRuns } from '../run-folder/index.ts'
import { judgeLateness, plannedVUs } from './lateness.ts'

export interface K6Runs {
  /** Path of k6. */
  k6: string
  /** Bundled scenario. */
  script: string
  /** `NAME=value` for k6's -e. */
  variables: readonly string[]
  unit: 'requests/s' | 'requests in flight'
  /** Share of good requests that is asked for, 0-1. */
  target: number
  /** Where each run leaves its records, in a folder of its own. */
  folder: string
  /** A run that takes longer than its load by this is killed, ms: for answers and a cold server. */
  graceMs: number
}

/** k6's exit code when a threshold, here a service level, was crossed. */
const THRESHOLDS_FAILED = 99

/**
 * Measures a load by a run of the real k6. Each run has a seed of its own: the same requests again
 * would be no further sample, and a server with a prefix cache would know them.
 * @throws InputError with k6's own last words when it did not run
 */
export function k6Measure(runs: K6Runs): (load: number, plan: RunPlan) => Promise<Measurement> {
  const given = runs.variables.findLast((variable) => variable.startsWith('SEED='))
  const seed = Number(given?.slice('SEED='.length) ?? 1)
  if (!Number.isInteger(seed) || seed < 0)
    throw new InputError(`-e ${given}: accepted: a whole number from 0`)
  return async (load, { index, warmupMs, measuredMs }) => {
    const name = `${String(index + 1).padStart(3, '0')}-at-${load}`
    const folder = path.join(runs.folder, name)
    await mkdir(folder, { recursive: true })
    const records = path.join(folder, 'requests.jsonl')
    const loadIs = runs.unit === 'requests/s' ? `RATE=${load}` : `CONCURRENCY=${load}`
    const variables = [
      ...runs.variables.filter((variable) => !variable.startsWith('SEED=')),
      loadIs,
      `WARMUP=${warmupMs}ms`,
      `DURATION=${measuredMs}ms`,
      // So far apart that what a scenario derives from one seed is not another's.
      `SEED=${(seed + index * 1009) % 2 ** 32}`,
      'RECORDS=on',
      // Beside its records, not over the last run's.
      `RESULTS=${folder}`,
    ]
    const args = [
      ...[
        'run',
        '--quiet',
        '--no-usage-report',
        '--log-format',
        'raw',
        '--console-output',
        records,
      ],
      ...variables.flatMap((variable) => ['-e', variable]),
      runs.script,
    ]
    const { code, words } = await execute(runs.k6, args, warmupMs + measuredMs + runs.graceMs)
    if (code !== 0 && code !== THRESHOLDS_FAILED)
      throw new InputError(`${runs.script}: k6 ended with exit code ${code}:\n${words}`)
    const [run] = await readRuns(records)
    const found = judgeLateness(
      measurementOf(run as NonNullable<typeof run>, load, warmupMs),
      run?.requests ?? [],
      await plannedVUs(records),
      runs.target,
    )
    if (found.judged === 0 && found.completed > 0)
      throw new InputError(
        `${records}: no request was judged, as no latency limit is set; give one, such as -e SLO_TTFT_P95=500`,
      )
    return found
  }
}

/** A bundled scenario by its path or its name: beside this program, else in ./dist. */
export function findScript(given: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const tried = /\.[cm]?js$/.test(given)
    ? [given]
    : [path.join(here, '..', `${given}.js`), path.join('dist', `${given}.js`)]
  const found = tried.find((file) => existsSync(file))
  if (found === undefined)
    throw new InputError(
      `${tried[tried.length - 1]}: does not exist; accepted: a bundled scenario's path or name (npm run build makes them)`,
    )
  return found
}

function execute(
  k6: string,
  args: readonly string[],
  limitMs: number,
): Promise<{ code: number | null; words: string }> {
  return new Promise((resolve, reject) => {
    // The records are all that is read, and on stock k6 the summary crashes when a connection is reset.
    const env: NodeJS.ProcessEnv = { ...process.env, K6_SUMMARY_MODE: 'disabled' }
    // Variables of the shell would be other ones than those of the command line that is shown.
    for (const { name, secret } of describeVariables()) if (!secret) delete env[name]
    const child = spawn(k6, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => (words = (words + text).slice(-4000)))
    const done = () => {
      clearTimeout(limit)
      process.off('exit', kill)
    }
    child.on('error', (error) => {
      done()
      reject(new InputError(`${k6}: ${error.message}`))
    })
    child.on('close', (code) => {
      done()
      resolve({ code, words: words.trim() })
    })
  })
}
