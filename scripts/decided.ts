import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { main as runCommand } from '../cli/run/index.ts'
import { readRun } from '../cli/run-folder/index.ts'
import { startSimulator } from '../simulator/index.ts'
import { fromTo, percent } from '../lib/tables/index.ts'
import type { Report, SloVerdict } from '../lib/results/index.ts'

/**
 * Runs k6 against the simulator until its limit is decided, over and over, and holds what was decided against the
 * truth, and against the report of the same run: `npm run decided [-- --runs 20]`.
 *
 * The truth is known however busy the machine is: the simulator fails one request in five. The limit on the error rate is
 * twice that, which is kept, or half of it, which is missed. Each run takes 20 s at most; they follow each other.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' } } })

const LONGEST_S = 20

interface Row {
  limit: number
  expected: SloVerdict['verdict']
  said: string
  reported: SloVerdict
  seconds: number
}

const FAILURES = 0.2

const out = await mkdtemp(path.join(tmpdir(), 'k6-inference-decided-'))
let [wrong, open, seconds] = [0, 0, 0]
try {
  for (let i = 0; i < Number(values.runs); i++) {
    const row = await decide(i % 2 === 0 ? 'kept' : 'missed', i + 1)
    const { verdict } = row.reported
    if (verdict !== 'kept' && verdict !== 'missed') open++
    else if (verdict !== row.expected) wrong++
    seconds += row.seconds
    console.log(textOf(i + 1, row))
  }
} finally {
  await rm(out, { recursive: true, force: true })
}
const share = Math.round((100 * seconds) / (LONGEST_S * Number(values.runs)))
console.log(`${values.runs} runs: ${wrong} wrong, ${open} undecided, ${share} % of the time`)
if (wrong > 0) process.exitCode = 1

async function decide(expected: 'kept' | 'missed', seed: number): Promise<Row> {
  const limit = expected === 'kept' ? 2 * FAILURES : FAILURES / 2
  const faults = [{ fault: '503', probability: FAILURES, from: 1 }]
  const simulator = await startSimulator({ ttftMs: 20, tpotMs: 2, faults, seed })
  try {
    const { report, notes } = await run(simulator.url, limit)
    const reported = report.slo.find(({ id }) => id === 'error_rate') as SloVerdict
    const said = notes.match(/\d of \d limits decided.*/g)?.at(-1) ?? ''
    const looked = said.startsWith('1') ? said : `${said} at the last look, the rest after the end`
    return { limit, expected, said: looked, reported, seconds: report.measured.lengthMs / 1000 }
  } finally {
    await simulator.close()
  }
}

/** A run of its own; k6's progress is not shown. */
async function run(url: string, limit: number): Promise<{ report: Report; notes: string }> {
  let notes = ''
  const own = await mkdtemp(path.join(out, 'run-'))
  const terminal = { out() {}, note: (text: string) => void (notes += text) }
  const load = ['--url', url, '--rate=20', '--input-tokens=100', '--output-tokens=4']
  const until = ['--until=decided', `--max-duration=${LONGEST_S}s`]
  const given = {
    SLO_ERROR_RATE: limit,
    WARMUP: '1s',
    DRAIN: '2s',
    EXPECTED_E2E: '2s',
    CALIBRATION: 'off',
  }
  const variables = Object.entries(given).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const options = [...until, ...variables, '--out', own, '--formats', 'json']
  const quiet = ['--', '--quiet', '--address', '']
  await runCommand(['chat-steady', ...load, ...options, ...quiet], terminal)
  const [folder] = await readdir(own)
  if (folder === undefined) throw new Error(`the run left no folder: ${notes}`)
  return { report: (await readRun(path.join(own, folder))).report, notes }
}

function textOf(n: number, { limit, expected, said, reported, seconds }: Row): string {
  const { verdict, value, interval } = reported
  const took = `${seconds.toFixed(1)} s, ${Math.round((100 * seconds) / LONGEST_S)} % of the time`
  const figure = `${percent(value)} (${fromTo(interval, percent)})`
  return `${n}: at most ${percent(limit)} is ${expected}: ${said}; report ${verdict}, ${figure} after ${took}`
}
