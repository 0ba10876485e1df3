import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { main as runCommand } from '../cli/run/index.ts'
import { readRun } from '../cli/run-folder/index.ts'
import { startSimulator } from '../simulator/index.ts'
import type { Report, SloVerdict } from '../lib/results/index.ts'

/**
 * Runs k6 against the simulator until its limit is decided, over and over, and holds what was decided against what a
 * whole run showed, and against the report of the same run: `npm run decided [-- --runs 20]`.
 *
 * The first run goes to its end. The limit of the others is twice its p90 of TTFT, which every run keeps, or half of
 * it, which every run misses. Each takes 20 s at most; they follow each other.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' } } })

const LONGEST_S = 20
const WARMUP_S = 1

interface Row {
  limitMs: number
  expected: SloVerdict['verdict']
  said: string
  reported: SloVerdict
  seconds: number
}

const out = await mkdtemp(path.join(tmpdir(), 'k6-inference-decided-'))
const simulator = await startSimulator({ preset: 'engine', seed: 1 })
let wrong = 0
try {
  const p90 = (await run([`--duration=${LONGEST_S}s`])).report.measured.metrics['llm_ttft']
  const value = p90?.kind === 'trend' ? p90.p90 : null
  if (value === null) throw new Error('the first run has no p90 of TTFT')
  console.log(`p90 of TTFT over ${LONGEST_S} s: ${value.toFixed(1)} ms`)
  for (let i = 0; i < Number(values.runs); i++) {
    const row = await decide(value, i % 2 === 0 ? 'kept' : 'missed')
    if (row.reported.verdict !== row.expected || !row.said.includes('1 of 1')) wrong++
    console.log(textOf(i + 1, row))
  }
} finally {
  await simulator.close()
  await rm(out, { recursive: true, force: true })
}
console.log(`${values.runs} runs, ${wrong} of them not decided as they should be`)
if (wrong > 0) process.exitCode = 1

async function decide(p90Ms: number, expected: 'kept' | 'missed'): Promise<Row> {
  const limitMs = Math.round(expected === 'kept' ? 2 * p90Ms : p90Ms / 2)
  const until = ['--until=decided', `--max-duration=${LONGEST_S}s`]
  const { report, notes } = await run([...until, '-e', `SLO_TTFT_P90=${limitMs}`])
  const reported = report.slo.find(({ id }) => id === 'ttft_p90') as SloVerdict
  const said = notes.match(/\d of \d limits decided/g)?.at(-1) ?? 'not looked at'
  return { limitMs, expected, said, reported, seconds: report.measured.lengthMs / 1000 }
}

/** A run of its own; k6's progress is not shown. */
async function run(options: readonly string[]): Promise<{ report: Report; notes: string }> {
  let [notes, folder] = ['', '']
  const terminal = {
    out: (text: string) => void (folder = text.trim().split('\n').at(-1) ?? ''),
    note: (text: string) => void (notes += text),
  }
  const load = ['--url', simulator.url, '--rate=20', '--input-tokens=100', '--output-tokens=4']
  const rest = [
    '-e',
    `WARMUP=${WARMUP_S}s`,
    '-e',
    'DRAIN=2s',
    '-e',
    'EXPECTED_E2E=500ms',
    '--out',
    out,
    '--formats',
    'json',
  ]
  const quiet = ['--', '--quiet', '--address', '']
  await runCommand(['chat-steady', ...load, ...options, ...rest, ...quiet], terminal)
  if (folder === '') throw new Error(`the run left no folder: ${notes}`)
  return { report: (await readRun(folder)).report, notes }
}

function textOf(n: number, { limitMs, expected, said, reported, seconds }: Row): string {
  const { verdict, value, interval } = reported
  const [low, high] = [interval?.low, interval?.high].map((end) => end?.toFixed(1) ?? '–')
  const share = Math.round((100 * seconds) / LONGEST_S)
  return `${n}: limit ${limitMs} ms, ${expected}: ${said}; report ${verdict}, ${value?.toFixed(1)} ms (${low} to ${high}) after ${seconds.toFixed(1)} s, ${share} % of the time`
}
