import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { main } from '../../cli/main.ts'
import { startSimulator } from '../../simulator/index.ts'
import { DOCUMENTED, programOf } from '../docs/documented.ts'

/**
 * Plays the commands of README and docs as they stand, in the order of the pages, in one folder that is empty but for
 * what a reader brings. Only addresses and lengths are others.
 */

/**
 * What cannot be played here is only parsed, by test/docs: a cluster, k6 Cloud, a Prometheus, placeholders. The demo and
 * archives have tests of their own.
 */
const ELSEWHERE =
  /^(k6-inference (k8s|demo|simulate|merge|COMMAND|run NAME|--help)|k6 cloud|k6 run (-o|spike\.tar))|[…$]/

/** Names by which pages call the folder of a run that their reader has made. */
const OWN_RUNS = ['main', 'change', 'baseline', 'before', 'after', 'today'].map((name) =>
  path.join('results', name),
)

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-docs-'))
const before = { cwd: process.cwd(), env: process.env }
/** The run of each scenario, so that pages share them. */
const runs = new Map<string, string>()
let simulator: Awaited<ReturnType<typeof startSimulator>>

beforeAll(async () => {
  const answers = [{ question: 'Grade the answer', answer: '{"reason": "as asked", "score": 8}' }]
  const models = ['my-model', 'judge-model']
  simulator = await startSimulator({ ttftMs: 20, tpotMs: 2, models, answers })
  process.chdir(folder)
  process.env = {
    PATH: before.env['PATH'],
    HOME: before.env['HOME'],
    K6: inject('k6'),
    K6_NO_USAGE_REPORT: 'true',
    ...QUICK,
    BASE_URL: simulator.url,
  }
  symlinkSync(inject('bundles'), 'dist')
  mkdirSync('node_modules')
  symlinkSync(ROOT, 'node_modules/k6-inference')
  const log = Array.from({ length: 120 }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 1) + i * 25).toISOString(),
    prompt_tokens: 40 + i,
    completion_tokens: 5 + (i % 5),
  }))
  writeFileSync('access.jsonl', log.map((line) => JSON.stringify(line)).join('\n'))
  writeFileSync(
    'requests.csv',
    `timestamp,input_tokens,output_tokens\n${log.map((_, i) => `${i / 40},${40 + i},${5 + (i % 5)}`).join('\n')}\n`,
  )
}, 30_000)

afterAll(async () => {
  process.chdir(before.cwd)
  process.env = before.env
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Of the shell, so that no command changes. */
const QUICK = {
  WARMUP: '0',
  DURATION: '2s',
  SPIKE_DURATION: '1s',
  RECOVERY_DURATION: '1s',
  STEPS: '5,10',
  STEP_DURATION: '1s',
  STEP_SETTLE: '0s',
  OUTPUT_TOKENS: '10',
  EXPECTED_E2E: '1s',
  CALIBRATION: 'off',
}

const played = DOCUMENTED.map(({ page, command }) => {
  const [program, args] = programOf(command)
  return { page, program, args, text: [program, ...args].join(' ') }
}).filter(({ program, text }) => /^k6(-inference)?$/.test(program) && !ELSEWHERE.test(text))

test('there are commands to play', () => {
  expect(played.length).toBeGreaterThan(40)
})

test.sequential.each(played.map((one) => [one.page, one.text, one] as const))(
  '%s: %s',
  async (_page, _text, { program, args }): Promise<void> => {
    const [name = '', what = ''] = args
    const key = `${name} ${what.replace(/^.*\/|\.\w+$/g, '')}${args.includes('--against') ? ' against' : ''}`
    const shared =
      program === 'k6' || ['run', 'capacity'].includes(name) ? runs.get(key) : undefined
    if (shared !== undefined) {
      keep(args, shared)
      return
    }
    const { code, said } =
      program === 'k6' ? await k6(shortened(args)) : await ours(shortened(args))
    expect([0, 99], said).toContain(code)
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+/m)
    if (name === 'capacity') foundCapacity()
    runs.set(key, keep(args, undefined))
  },
)

test('leave what the pages say they leave', () => {
  const found = readdirSync(folder)
  const wanted = [
    'trace.csv',
    'hour.csv',
    'compare.html',
    'trend.html',
    'gate.md',
    'gate.xml',
    'capacity.json',
    'my-test.ts',
  ]
  expect(wanted.filter((file) => !found.includes(file))).toEqual([])
})

/** A search of one run finds nothing, and later pages count with what a search found. */
function foundCapacity(): void {
  const result = JSON.parse(readFileSync('capacity.json', 'utf8')) as object
  const found = { status: 'found', capacity: 20, low: 15, high: 25, perReplica: 15 }
  writeFileSync('capacity.json', JSON.stringify({ ...result, ...found, outputTokensPerS: 200 }))
}

/** Gives a run the names by which later commands call it. @returns its folder */
function keep(args: readonly string[], shared: string | undefined): string {
  const [, what] = args
  const made = shared ?? newest()
  if (args[0] !== 'run' || made === undefined || args.includes('--against')) return made ?? ''
  for (const as of [...OWN_RUNS, args[args.indexOf('--out') + 1] ?? ''])
    if (as.startsWith('results/') && what === 'chat-steady')
      cpSync(made, path.join(as, path.basename(made)), { recursive: true })
  return made
}

/** The run that was made last; folders are named by their time. */
function newest(): string | undefined {
  const made = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /results\/\d{8}T\d{6}-[\w-]+$/.test(file),
  )
  return made.sort().pop()
}

/** Other addresses, and no command takes longer than it must. */
function shortened(args: readonly string[]): string[] {
  const text = args.map((arg) =>
    arg
      .replace(
        /http:\/\/(localhost|host|127\.0\.0\.1):\d+\/v1|https:\/\/llm\.example\.com\/v1/,
        simulator.url,
      )
      .replace('TRACE_FOR=10m', 'TRACE_FOR=3s'),
  )
  for (const [option, value] of Object.entries({
    duration: '1s',
    repeat: '1',
    'max-minutes': '0.1',
    warmup: '0s',
  })) {
    const at = text.indexOf(`--${option}`)
    if (at >= 0) text[at + 1] = value
  }
  if (text[0] === 'capacity') {
    // It takes no variable from the shell.
    for (const name of ['OUTPUT_TOKENS', 'EXPECTED_E2E', 'CALIBRATION'] as const)
      text.push('-e', `${name}=${QUICK[name]}`)
    for (const more of [
      '--duration=1s',
      '--warmup=0s',
      '--max-minutes=0.2',
      '--start=1',
      '--max=2',
      '--max-runs=3',
    ])
      if (!text.includes(more.split('=')[0] as string)) text.push(more)
  }
  // The pages share its run, and one of them has its answers judged.
  if (text[0] === 'run' && text[1] === 'chat-steady' && !text.includes('--'))
    text.push('-e', 'KEEP_ANSWERS=1')
  // A page of one way, and the same file as in the other.
  if (text[0] === 'new') text.push('--force')
  if (text[0] === 'check' && !text.includes('--url')) text.push('--url', simulator.url)
  if (text.includes('-o') || text.includes('--out'))
    if (text[0] !== 'run' && text[0] !== 'trace') text.push('--force')
  return text
}

async function ours(args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const take = (text: string) => void (said += text)
  return { code: await main(args, { out: take, note: take }), said }
}

function k6(args: readonly string[]): Promise<{ code: number; said: string }> {
  const quiet = args[0] === 'run' ? ['--quiet', '--address', ''] : []
  const line = [args[0] as string, ...quiet, ...args.slice(1)]
  return new Promise((resolve) => {
    execFile(inject('k6'), line, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    )
  })
}
