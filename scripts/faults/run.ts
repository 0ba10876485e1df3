import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createRecordReader } from '../../lib/records/index.ts'
import type { RequestRecord } from '../../lib/records/index.ts'
import { runMeasured } from '../bench/client/measured-process.ts'

export interface RunOfRows {
  /** Path of k6, and of the bundled scenario. */
  k6: string
  bundle: string
  /** Base URL of the server that plays the rows. */
  url: string
  rows: readonly { name: string; prompt: string }[]
  /** How often each is played at least, 1 by default. */
  times?: number
  /** Variables over those that make each row be played once. */
  env?: Readonly<Record<string, string>>
  /** Environment of the process besides. */
  environment?: Readonly<Record<string, string>>
  requestsPerS?: number
}

export interface Played {
  code: number | null
  stderr: string
  /** Records of the requests of each row. */
  records: ReadonlyMap<string, RequestRecord[]>
  /** Requests that the end of the run cut off. */
  interrupted: number | undefined
  /** Largest resident set of k6; undefined where the system does not tell. */
  peakMiB: number | undefined
  wallS: number
}

const DEFAULTS: Readonly<Record<string, string>> = {
  MODEL: 'sim-model',
  CACHE: 'natural',
  PREFLIGHT: 'off',
  CALIBRATION: 'off',
  WARMUP: '0',
  RECORDS: 'on',
  OUTPUT_TOKENS: '5',
  // Enough VUs from the start for rows that end by a deadline.
  EXPECTED_E2E: '2s',
  MAX_VUS: '100',
  TIMEOUT_FIRST_TOKEN: '1500ms',
  TIMEOUT_IDLE: '1s',
  TIMEOUT_TOTAL: '3s',
}

const PER_S = 20

/**
 * Plays every row at least so many times in one k6 process: the prompts of a data set name the rows, and the
 * records tell what became of each. No summary, on which the official socket module crashes after a reset.
 */
export async function runRows(run: RunOfRows): Promise<Played> {
  const { k6, bundle, url, rows, times = 1, env } = run
  // The shortest run takes a second.
  const requestsPerS = Math.min(run.requestsPerS ?? PER_S, rows.length * times)
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-faults-'))
  try {
    const dataset = path.join(folder, 'rows.jsonl')
    const lines = rows.map(({ name, prompt }) => JSON.stringify({ id: name, prompt }))
    writeFileSync(dataset, lines.join('\n'))
    const variables = {
      ...DEFAULTS,
      BASE_URL: url,
      DATASET: dataset,
      RATE: String(requestsPerS),
      // The last row must not be missed by a schedule that begins or ends a request late.
      DURATION: `${Math.ceil(Math.max(1, (rows.length * times + 2) / requestsPerS) * 1000)}ms`,
      ...env,
    }
    const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const file = path.join(folder, 'requests.jsonl')
    const output = ['--log-format', 'raw', '--console-output', file]
    const args = ['run', '--quiet', '--address', '', ...output, ...given, bundle]
    const environment = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      K6_NO_USAGE_REPORT: 'true',
      K6_SUMMARY_MODE: 'disabled',
      ...run.environment,
    }
    const { code, stderr, peakMiB, wallS } = await runMeasured(k6, args, environment, 120_000)
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    return { code, stderr, peakMiB, wallS, ...read(text) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(text: string): Pick<Played, 'records' | 'interrupted'> {
  const records = new Map<string, RequestRecord[]>()
  let interrupted: number | undefined
  const reader = createRecordReader({
    onRequest(record) {
      const known = records.get(record.promptId)
      if (known === undefined) records.set(record.promptId, [record])
      else known.push(record)
    },
    onEnd: (record) => (interrupted = record.interrupted),
    onProblem({ line, message }) {
      throw new Error(`records, line ${line}: ${message}`)
    },
  })
  reader.feed(text)
  reader.end()
  return { records, interrupted }
}
