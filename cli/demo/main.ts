import { parseArgs } from '../arguments.ts'
import { startSimulator } from '../../simulator/index.ts'
import type { SimulatorSettings } from '../../simulator/index.ts'
import { guarded, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { endOf, LIMITS_MISSED, withoutVariables } from '../k6-process/index.ts'
import { main as run } from '../run/index.ts'

const HELP = `Shows a load test, in about a minute and without a server of yours: starts a simulated inference server,
and runs the scenario chat-spike against it. The spike is meant to be too much for that server.

  k6-inference demo [--out DIR]

  --out DIR   folder in which the run's folder is created (default results)
`

/**
 * About 13 answers/s: 16 at a time, 60 tokens each, 20 ms per token. The baseline asks for a third of
 * that, the spike for twice as much, so a queue grows that is worked off during the recovery.
 */
const SERVER = {
  port: 0,
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

/** `k6-inference demo`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('demo', () => demo(argv, terminal), terminal)
}

async function demo(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: 'string', default: 'results' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const simulator = await startSimulator(SERVER)
  try {
    const given = Object.entries({ BASE_URL: simulator.url, ...VARIABLES })
    terminal.note(`A simulated server listens at ${simulator.url}. Now, in about a minute:

  npx k6-inference run chat-spike ${given.map(([name, value]) => `-e ${name}=${value}`).join(' ')}

`)
    const variables = given.flatMap(([name, value]) => ['-e', `${name}=${value}`])
    // The demo's server needs no key, and its load is none of the shell's.
    const env = withoutVariables('drop')
    const code = await run(['chat-spike', ...variables, '--out', values.out], terminal, env)
    if (endOf(code) === 'broken') return code
    terminal.note(code === LIMITS_MISSED ? MISSED : '')
    terminal.note(NEXT)
    return 0
  } finally {
    await simulator.close()
  }
}

const MISSED = `
The spike was more than the server could take: a figure lies beyond its limit. k6-inference run ends with
exit code ${LIMITS_MISSED} then, which fails a CI job. The demo itself worked.
`

const NEXT = `
Results, records and report are in the folder above; open its report.html. To test a server of your own:

  npx k6-inference run chat-steady --url http://localhost:8000/v1 --rate 4
`
