import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Measurement, RunPlan } from '../../lib/capacity/index.ts'
import { measurementOf } from '../../lib/capacity/index.ts'
import { InputError } from '../command.ts'
import { endOf, runK6, withoutSummary, withoutVariables } from '../k6-process/index.ts'
import { readRun, RECORDS_FILE } from '../run-folder/index.ts'
import { judgeLateness } from './lateness.ts'

export interface K6Runs {
  /** Path of k6. */
  k6: string
  /** Bundled scenario. */
  script: string
  /** `NAME=value` pairs for k6's -e. */
  variables: readonly string[]
  unit: 'requests/s' | 'requests in flight'
  /** Required share of good requests, 0-1. */
  target: number
  /** Each run keeps its records in a folder of its own below this one. */
  folder: string
  /** A run that outlasts its load by this many ms is killed; leaves time for answers and a cold server. */
  graceMs: number
}

/**
 * Measures a load by a run of the real k6. Each run has its own seed: repeating the same requests
 * would add no new sample, and a server with a prefix cache would recognise them.
 * @throws InputError with the end of k6's own output when the run failed
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
    const records = path.join(folder, RECORDS_FILE)
    const loadIs = runs.unit === 'requests/s' ? `RATE=${load}` : `CONCURRENCY=${load}`
    const variables = [
      ...runs.variables.filter((variable) => !variable.startsWith('SEED=')),
      loadIs,
      `WARMUP=${warmupMs}ms`,
      `DURATION=${measuredMs}ms`,
      // Far enough apart that no two runs share a seed derived by the scenario.
      `SEED=${(seed + index * 1009) % 2 ** 32}`,
      'RECORDS=on',
      // Beside its own records, so that no run overwrites another's results.
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
    // Only the records are read, and stock k6's summary crashes when a connection is reset.
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
        `${records}: no request was judged, because no latency limit is set; set one, such as -e SLO_TTFT_P95=500`,
      )
    return found
  }
}
