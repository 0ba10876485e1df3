import { parseArgs } from '../arguments.ts'
import { startSimulator } from '../../simulator/index.ts'
import type { SimulatorSettings } from '../../simulator/index.ts'
import { guarded, show, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { endOf, withoutVariables } from '../k6-process/index.ts'
import { shortest } from '../output/index.ts'
import { parseRun, runAll } from '../run/index.ts'
import { renderStory, storyOf } from './story.ts'

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

/** `k6-inference demo`. @param load variables in place of its own */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  load: Readonly<Record<string, string>> = {},
): Promise<number> {
  return guarded('demo', () => demo(argv, terminal, load), terminal)
}

async function demo(
  argv: readonly string[],
  terminal: Terminal,
  load: Readonly<Record<string, string>>,
): Promise<number> {
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
    terminal.note(INTRODUCTION)
    const given = Object.entries({ BASE_URL: simulator.url, ...VARIABLES, ...load })
    const variables = given.flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const options = parseRun(['chat-spike', ...variables, '--out', values.out])
    // The demo's server needs no key, and its load is none of the shell's.
    const env = withoutVariables('drop')
    const log: string[] = []
    const code = await runAll(options, terminal, env, {
      // What k6 says of the load's length is true, and of no use to whoever looks on.
      log: (line) => void log.push(line),
      end: ({ report, files }) =>
        show(terminal, (shown) => renderStory(storyOf(report, shortest(files[0])), shown)),
      over: () => {},
    })
    // A missed limit is what the demo shows, and no failure of it.
    if (endOf(code) !== 'broken') return 0
    terminal.note(`${log.join('\n')}\n`)
    return code
  } finally {
    await simulator.close()
  }
}

const INTRODUCTION = `A load test of a simulated server: 4 requests/s, then 24 for 8 s, more than it can answer, then 4 again.
It takes about 50 s.
`
