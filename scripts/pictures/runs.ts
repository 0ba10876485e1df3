import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readAnswers } from '../../simulator/index.ts'
import type { SimulatorSettings } from '../../simulator/index.ts'

/** Fixed ports: dashboards and pages name them. The second is that of the server to compare with. */
export const PORTS = [18_080, 18_081] as const
const URLS = PORTS.map((port) => `http://127.0.0.1:${port}/v1`)
const ARITHMETIC = new URL('../../data/quality/arithmetic.jsonl', import.meta.url).pathname

/** One run, or several that one command plays. */
export interface Plan {
  /** By port. */
  servers: readonly SimulatorSettings[]
  /** Arguments of the program. @param folder for all that it leaves @param testid its name on dashboards */
  command: (folder: string, testid: string) => string[]
  /** Time after which it is given up. */
  mostMinutes: number
  /** Why the client was the limit; by default as the reports of all runs in the folder say. */
  clientLimits?: (folder: string) => string[]
}

/**
 * A small server: 8 answers at a time, about 4 requests/s and 240 tokens/s. So little that a busy machine with two
 * cores keeps up, and yet a spike overloads it.
 */
function server(stepBaseMs: number, more: SimulatorSettings = {}): SimulatorSettings {
  const { engine, ...others } = more
  return {
    preset: 'engine',
    models: ['demo-model'],
    engine: {
      maxRunning: 8,
      stepBaseMs,
      perRequestMs: 1,
      prefillTokensPerS: 10_000,
      kvBlocks: 160,
      ...engine,
    },
    ...others,
  }
}
/** For prompts with a schema, which are longer. */
const ROOMY = { engine: { maxRunning: 16, kvBlocks: 2_000 } }
const FAST = server(24)
const SLOW = server(32)
const answers = (stepBaseMs: number, wrong: number) =>
  server(stepBaseMs, {
    answers: readAnswers(ARITHMETIC),
    faults: [{ fault: 'wrong', probability: wrong, from: 1 }],
  })

const COMMON = {
  INPUT_TOKENS: '200',
  OUTPUT_TOKENS: 'lognormal(60,0.3)',
  ARRIVALS: 'poisson',
  SLO_TTFT_P95: '500',
  SLO_TPOT_P95: '40',
  EXPECTED_E2E: '8s',
  WARMUP: '8s',
}
/** A search sets the warm-up by itself. */
const { WARMUP: _, ...searched } = COMMON
const LIMITS = { ...COMMON, SLO_E2E_P95: '4000', SLO_GOODPUT: '0.95' }
const { ARRIVALS: __, ...closed } = LIMITS
const SPIKE = {
  ...LIMITS,
  RATE: '1.5',
  PEAK_RATE: '7',
  DURATION: '20s',
  SPIKE_DURATION: '10s',
  RECOVERY_DURATION: '40s',
}
const GRADED = { ...COMMON, DATASET: ARITHMETIC, GRADED_SHARE: '1', GRADER: 'number' }

/** Nights of a trend; the server is slower from {@link SLOWER_FROM} on. */
const NIGHTS = 12
const SLOWER_FROM = 6

/** What the pictures are of, by the name of its folder. */
export const PLANS: Readonly<Record<string, Plan>> = {
  before: one(FAST, 'chat-spike', SPIKE),
  after: one(SLOW, 'chat-spike', SPIKE),
  sweep: one(FAST, 'rate-sweep', {
    ...LIMITS,
    // Its last step overloads the server, and each request of the queue holds a VU.
    MAX_VUS: '250',
    STEPS: '1,2,3,4,5',
    STEP_DURATION: '20s',
    STEP_SETTLE: '4s',
  }),
  against: {
    servers: [FAST, SLOW],
    command: (folder) => [
      ...['run', 'chat-steady', '--url', URLS[0] as string, '--against', URLS[1] as string],
      // A closed loop has no due times, so a busy machine does not make the sides incomparable.
      ...['--repeat', '2', '--concurrency', '4', '--duration', '40s', ...asOptions(closed)],
      ...['--out', folder],
    ],
    mostMinutes: 8,
  },
  capacity: {
    servers: [FAST],
    command: (folder) => [
      ...['capacity', ...asOptions({ ...searched, BASE_URL: URLS[0] as string })],
      ...['--start', '2', '--min', '1', '--max', '8', '--max-minutes', '6'],
      ...['--duration', '20s', '--warmup', '8s', '--precision', '20%', '--peak', '20'],
      ...['--runs', path.join(folder, 'runs')],
      ...['--out', path.join(folder, 'capacity.html'), '--out', path.join(folder, 'capacity.json')],
    ],
    mostMinutes: 15,
    // It plays a run again that the client was the limit of, and gives up at the second.
    clientLimits: (folder) => {
      const text = readFileSync(path.join(folder, 'capacity.json'), 'utf8')
      const { status, notes } = JSON.parse(text) as { status: string; notes: string[] }
      return status === 'client limited' ? notes : []
    },
  },
  'graded/fp16': one(answers(32, 0.02), 'chat-steady', { ...GRADED, RATE: '2', DURATION: '60s' }),
  'graded/int8': one(answers(24, 0.04), 'chat-steady', { ...GRADED, RATE: '2', DURATION: '60s' }),
  'graded/int4': one(answers(18, 0.25), 'chat-steady', { ...GRADED, RATE: '2', DURATION: '60s' }),
  'graded/int3': one(answers(26, 0.4), 'chat-steady', { ...GRADED, RATE: '2', DURATION: '60s' }),
  providers: {
    servers: [
      server(16, {
        ...ROOMY,
        faults: [{ fault: 'broken-json', probability: 0.25, from: 1 }],
      }),
      server(26, ROOMY),
    ],
    command: (folder) => [
      ...['providers', `swift=${URLS[0]}`, `steady=${URLS[1]}`, '--scenario', 'structured'],
      ...['--tokens', 'swift=0.2,0.8', '--tokens', 'steady=0.5,1.5', '--rate', '1'],
      ...['--duration', '60s', '-e', 'WARMUP=8s', '-e', 'EXPECTED_E2E=8s'],
      ...['--folder', folder, '--out', path.join(folder, 'providers.html')],
    ],
    mostMinutes: 5,
  },
  ...Object.fromEntries(
    Array.from({ length: NIGHTS }, (_, i) => [
      `nightly/night-${i + 1}`,
      one(i + 1 < SLOWER_FROM ? FAST : SLOW, 'chat-steady', {
        ...LIMITS,
        RATE: '2',
        DURATION: '15s',
      }),
    ]),
  ),
}

export const NIGHTLY = Object.keys(PLANS).filter((name) => name.startsWith('nightly/'))
export const GRADES = Object.keys(PLANS).filter((name) => name.startsWith('graded/'))

function one(
  settings: SimulatorSettings,
  scenario: string,
  variables: Readonly<Record<string, string>>,
): Plan {
  return {
    servers: [settings],
    command: (folder, testid) => [
      ...['run', scenario, '--url', URLS[0] as string, ...asOptions(variables)],
      ...['--out', folder, '--', '-o', 'experimental-prometheus-rw', '--tag', `testid=${testid}`],
    ],
    mostMinutes: 5,
  }
}

function asOptions(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([key, value]) => ['-e', `${key}=${value}`])
}
