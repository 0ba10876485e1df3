import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildScenarios } from '../build.mjs'
import { describeVariables } from '../lib/config/index.ts'
import { ensureK6, SetupError } from './setup/index.mjs'
import { startSimulator, type SimulatorSettings } from '../simulator/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** k6's exit code when a threshold, here a service level, was crossed. */
const THRESHOLDS_FAILED = 99

/** Ctrl-C may reach us twice, from the terminal and from npm. */
const SAME_SIGNAL_MS = 500

/**
 * About 13 answers a second: 16 at a time, 60 tokens each, 20 ms a token. The baseline asks for a
 * third of that, the spike for twice as much: a queue grows, and takes the recovery to be worked off.
 */
const SERVER = {
  preset: 'engine',
  models: ['demo-model'],
  engine: { maxRunning: 16, stepBaseMs: 14, perRequestMs: 0.4, prefillTokensPerS: 40_000 },
} satisfies SimulatorSettings

const VARIABLES = {
  MODEL: 'demo-model',
  RATE: '4',
  PEAK_RATE: '24',
  WARMUP: '5s',
  DURATION: '10s',
  SPIKE_DURATION: '8s',
  RECOVERY_DURATION: '20s',
  INPUT_TOKENS: '200',
  OUTPUT_TOKENS: '60',
  EXPECTED_E2E: '5s',
  SLO_TTFT_P95: '500',
  SLO_TPOT_P95: '40',
}

const k6 = await ensureK6().catch((error: unknown) => {
  if (!(error instanceof SetupError)) throw error
  console.error(`demo: ${error.message}`)
  process.exit(1)
})
await buildScenarios({ names: ['chat-spike'] })
mkdirSync(path.join(root, 'results'), { recursive: true })
const simulator = await startSimulator(SERVER)
try {
  process.exitCode = await demonstrate()
} finally {
  await simulator.close()
}

async function demonstrate(): Promise<number> {
  const given = Object.entries(VARIABLES).map(([name, value]) => `${name}=${value}`)
  const shown = ['k6 run', ...given.map((text) => `-e ${text}`), 'dist/chat-spike.js']
  console.log(`A simulated server listens at ${simulator.url}. Now, in about a minute:\n`)
  console.log(`  ${shown.join(' ')}\n`)
  const args = given.flatMap((text) => ['-e', text])
  const { code, interrupted } = await runK6([
    'run',
    ...['-e', `BASE_URL=${simulator.url}`, '-e', 'RESULTS=results', ...args],
    'dist/chat-spike.js',
  ])
  if (interrupted !== undefined) return interrupted === 'SIGINT' ? 130 : 143
  if (code !== 0 && code !== THRESHOLDS_FAILED) {
    console.error(`demo: k6 ended with exit code ${code}, its own message is above`)
    return 1
  }
  if (code === THRESHOLDS_FAILED) {
    console.log(
      'The spike was more than the server could take, so a service level was missed and k6 ended with\n' +
        `exit code ${THRESHOLDS_FAILED}, which is what fails a CI job. The demonstration itself went well.`,
    )
  }
  console.log(
    '\nThe figures are in results/chat-spike.json. Against a server of your own:\n\n' +
      '  k6 run -e BASE_URL=http://host:8000/v1 dist/chat-spike.js\n\n' +
      `k6 here is ${k6.path}`,
  )
  return 0
}

/** A signal goes on to k6, which then ends its run and prints what it has; a second one kills it. */
function runK6(
  args: readonly string[],
): Promise<{ code: number | null; interrupted: NodeJS.Signals | undefined }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env }
    for (const { name } of describeVariables()) delete env[name]
    // In a group of its own: k6 takes a second Ctrl-C for "at once", so it must get the first one once.
    const child = spawn(k6.path, args, { cwd: root, env, stdio: 'inherit', detached: true })
    let interrupted: { signal: NodeJS.Signals; atMs: number } | undefined
    const pass = (signal: NodeJS.Signals) => {
      if (interrupted === undefined) {
        interrupted = { signal, atMs: Date.now() }
        child.kill(signal)
      } else if (Date.now() - interrupted.atMs > SAME_SIGNAL_MS) child.kill('SIGKILL')
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass)
    process.on('exit', () => child.kill('SIGKILL'))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, interrupted: interrupted?.signal }))
  })
}
