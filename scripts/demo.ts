import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildScenarios } from '../build.mjs'
import { InputError } from '../cli/command.ts'
import { endOf, findK6, runK6, withoutVariables } from '../cli/k6-process/index.ts'
import { startSimulator, type SimulatorSettings } from '../simulator/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * About 13 answers/s: 16 at a time, 60 tokens each, 20 ms per token. The baseline asks for a third of
 * that, the spike for twice as much, so a queue grows that is worked off during the recovery.
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

const k6 = await findK6().catch((error: unknown) => {
  if (!(error instanceof InputError)) throw error
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
  const { code, interrupted } = await runK6({
    k6: k6.path,
    args: [
      'run',
      ...['-e', `BASE_URL=${simulator.url}`, '-e', 'RESULTS=results', ...args],
      'dist/chat-spike.js',
    ],
    // The demo's server needs no key.
    env: withoutVariables('drop'),
    cwd: root,
  })
  if (interrupted !== undefined) return interrupted === 'SIGINT' ? 130 : 143
  const end = endOf(code)
  if (end === 'broken') {
    console.error(`demo: k6 ended with exit code ${code}; its message is above`)
    return 1
  }
  if (end === 'limits missed') {
    console.log(
      'The spike was more than the server could take, so a limit was missed and k6 ended with exit code\n' +
        `${code}, which would fail a CI job. The demo itself worked.`,
    )
  }
  console.log(
    '\nThe figures are in results/chat-spike.json. To test your own server:\n\n' +
      '  k6 run -e BASE_URL=http://host:8000/v1 dist/chat-spike.js\n\n' +
      `k6 here is ${k6.path}`,
  )
  return 0
}
