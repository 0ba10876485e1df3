import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Measurement, RunPlan } from '../../lib/capacity/index.ts'
import { measurementOf } from '../../lib/capacity/index.ts'
import { InputError } from '../command.ts'
import { endOf, runK6, withoutSummary, withoutVariables } from '../k6-process/index.ts'
import { readRun } from '../run-folder/index.ts'
import { judgeLateness } from './lateness.ts'

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
    const timeoutMs = warmupMs + measuredMs + runs.graceMs
    // Records are all that is read, and on stock k6 the summary crashes when a connection is reset.
    const env = withoutSummary(withoutVariables('keep'))
    const ended = await runK6({
      k6: runs.k6,
      args,
      env,
      stdout: 'ignore',
      stderr: 'keep',
      timeoutMs,
    })
    const words = ended.stderr.slice(-4000).trim()
    if (ended.timedOut)
      throw new InputError(
        `${runs.script}: k6 had not ended after ${timeoutMs / 1000} s and was stopped:\n${words}`,
      )
    if (ended.interrupted !== undefined)
      throw new InputError(`stopped by ${ended.interrupted}; the runs so far are in ${runs.folder}`)
    if (endOf(ended.code) === 'broken')
      throw new InputError(`${runs.script}: k6 ended with exit code ${ended.code}:\n${words}`)
    const run = await readRun(folder)
    const found = judgeLateness(measurementOf(run, load, warmupMs), run, runs.target)
    if (found.judged === 0 && found.completed > 0)
      throw new InputError(
        `${records}: no request was judged, as no latency limit is set; give one, such as -e SLO_TTFT_P95=500`,
      )
    return found
  }
}
