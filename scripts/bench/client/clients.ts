import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Level } from './levels.ts'
import { runMeasured } from './measured-process.ts'
import type { MeasuredProcess } from './measured-process.ts'
import type { ClientRecord } from './accuracy.ts'

/** One run of one client. */
export interface ClientRun {
  used: MeasuredProcess
  /** Requests by the client's own count, where it tells. */
  started: number | undefined
  finished: number | undefined
  records: ClientRecord[]
}

export interface Client {
  name: string
  /**
   * @param seconds about how long the load lasts
   * @param withRecords also what the client measured of each request, at its cost
   */
  run(url: string, level: Level, seconds: number, withRecords: boolean): Promise<ClientRun>
}

/** More than the server ever draws: it decides on the lengths, for all clients alike. */
const tokensAllowed = 4000
/** VUs are made before the load, and answers in flight are waited for after it. */
const marginMs = 150_000

export interface K6Settings {
  name: string
  k6: string
  /** Bundle of chat-steady. */
  script: string
  /** For results and records. */
  folder: string
  inputTokens: number
  /** Extra environment of k6, e.g. GOGC. */
  env: NodeJS.ProcessEnv
}

/** `k6 run chat-steady.js` in a closed loop, as a user would run it. */
export function k6Client(settings: K6Settings): Client {
  const { name, k6, script, folder, inputTokens } = settings
  const results = path.join(folder, 'chat-steady.json')
  const console = path.join(folder, 'requests.jsonl')
  return {
    name,
    async run(url, level, seconds, withRecords) {
      await Promise.all([results, console].map((file) => rm(file, { force: true })))
      const variables = {
        BASE_URL: url,
        CONCURRENCY: level.streams,
        DURATION: `${seconds}s`,
        WARMUP: '0',
        INPUT_TOKENS: inputTokens,
        OUTPUT_TOKENS: tokensAllowed,
        IGNORE_EOS: 'off',
        CALIBRATION: 'off',
        RESULTS: folder,
        ...(withRecords ? { RECORDS: 'gaps' } : {}),
      }
      const used = await runMeasured(
        k6,
        [
          'run',
          '--quiet',
          '--no-usage-report',
          '--address=',
          '--log-format=raw',
          `--console-output=${console}`,
          ...Object.entries(variables).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
          script,
        ],
        { ...shell(), ...settings.env },
        seconds * 1000 + marginMs,
      )
      if (used.code !== 0) {
        throw new Error(
          `${name}: exit code ${used.code}\n${used.stdout.slice(-2000)}${used.stderr}`,
        )
      }
      const report = JSON.parse(await readFile(results, 'utf8')) as {
        total: { started: number; finished: number }
      }
      const { started, finished } = report.total
      const lines = withRecords ? await readFile(console, 'utf8') : ''
      return { used, started, finished, records: recordsOf(lines) }
    },
  }
}

/** Go's net/http and encoding/json, and nothing around it: `k6/cmd/bareclient`. */
export function bareClient(program: string, secondsOf: (level: Level) => number): Client {
  return {
    name: 'bare Go',
    async run(url, level, seconds) {
      const rounds = Math.max(1, Math.round(seconds / secondsOf(level)))
      const used = await runMeasured(
        program,
        [
          `-url=${url}`,
          '-model=sim-model',
          `-max-tokens=${tokensAllowed}`,
          `-streams=${level.streams}`,
          `-requests=${level.streams * rounds}`,
        ],
        shell(),
        seconds * 1000 + marginMs,
      )
      if (used.code !== 0) throw new Error(`bare Go client: exit code ${used.code}\n${used.stderr}`)
      const told = JSON.parse(used.stdout) as { completed: number; failed: number }
      const finished = told.completed + told.failed
      return { used, started: level.streams * rounds, finished, records: [] }
    },
  }
}

/** k6 reads the whole shell as variables: a BASE_URL or GOGC left there is not to be measured. */
function shell(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME }
}

/** Lines of completed requests; whatever else the console holds is passed over. */
function recordsOf(lines: string): ClientRecord[] {
  const found: ClientRecord[] = []
  for (const line of lines.split('\n')) {
    if (!line.startsWith('{')) continue
    const record = JSON.parse(line) as Partial<ClientRecord>
    const { requestId, ttftMs, tpotMs, gapsMs } = record
    if (requestId !== undefined && ttftMs !== undefined) {
      found.push({ requestId, ttftMs, tpotMs, gapsMs })
    }
  }
  return found
}
