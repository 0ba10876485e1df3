import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startSimulator } from '../../simulator/index.ts'
import { EXPOSED, serveExpositions } from './expositions.ts'
import { runLive } from './k6.ts'
import type { LiveRun } from './k6.ts'
import { startPrometheus } from '../../scripts/prometheus.ts'
import type { Prometheus } from '../../scripts/prometheus.ts'

export interface Live {
  prometheus: Prometheus
  /** Two open-loop runs with native histograms, one closed loop, one with trend stats. */
  runs: LiveRun[]
  startS: number
  endS: number
  stop(): Promise<void>
}

const TESTIDS = ['native-a', 'native-b', 'closed', 'trend-a', 'trend-b'] as const

const LIMITS = ['TTFT', 'TPOT', 'ITL', 'E2E'].flatMap((name) =>
  ['P95', 'P99'].map((p) => [`SLO_${name}_${p}`, '30000'] as const),
)

/** A spike of half a minute that fills the simulator's KV cache, in every limit there is. */
const SPIKE: Record<string, string> = {
  ...Object.fromEntries(LIMITS),
  SLO_TTFT_P95: '300',
  SLO_GOODPUT: '0.9',
  WARMUP: '3s',
  DURATION: '8s',
  SPIKE_DURATION: '6s',
  RECOVERY_DURATION: '8s',
  INPUT_TOKENS: '100',
  OUTPUT_TOKENS: 'uniform(20,60)',
  EXPECTED_E2E: '3s',
  GAP_SAMPLING: '1',
  GRADED_SHARE: '1',
  GRADER: 'degeneration',
  SLO_QUALITY: '0.9',
  SLO_VALID_JSON: '0.9',
  COMPARED_SHARE: '0.3',
  IDLE_PROMPTS: '3',
  IDLE_ANSWERS: '2',
  TEMPERATURE: '0',
  SLO_DIVERGENCE: '0.9',
}

/**
 * A Prometheus that scraped simulators (as vLLM) and every synthetic exposition while k6 ran
 * against them and wrote to it. The runs are beside each other to save time.
 */
export async function live(k6: string, script: string, rules: string): Promise<Live> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-live-'))
  // Failures and, by an answer without its terminal marker, notes: no panel is to stay empty.
  const faults = [
    { fault: '503', probability: 0.06, from: 1 },
    { fault: 'no-done', probability: 0.06, from: 1 },
    { fault: 'loop', probability: 0.1, from: 1 },
  ]
  // A server each, as `from` spares the first request: the preflight of its run.
  const servers = await Promise.all(
    TESTIDS.map(async () =>
      startSimulator({ preset: 'engine', engine: { kvBlocks: 120 }, faults }),
    ),
  )
  const expositions = await serveExpositions()
  const prometheus = await startPrometheus({
    scrape: [
      ...servers.map(({ port }, i) => ({
        job: `vllm-${TESTIDS[i]}`,
        target: `127.0.0.1:${port}`,
        path: '/metrics',
        // As the operator's monitors label what they scrape.
        labels: { namespace: 'llm', pod: `vllm-${i}` },
      })),
      ...EXPOSED.map((job) => ({ job, target: expositions.target, path: `/${job}` })),
    ],
    rules: [rules],
  })
  async function stop() {
    await prometheus.stop()
    await expositions.close()
    await Promise.all(servers.map(async (server) => server.close()))
    rmSync(folder, { recursive: true, force: true })
  }
  const startS = Date.now() / 1000
  const run = async (
    testid: (typeof TESTIDS)[number],
    mode: 'native' | 'trend',
    extra: Record<string, string>,
  ) =>
    runLive({
      k6,
      script,
      folder,
      testid,
      mode,
      writeUrl: prometheus.writeUrl,
      variables: {
        ...SPIKE,
        BASE_URL: servers[TESTIDS.indexOf(testid)]?.url ?? '',
        GPU_METRICS_URL: `http://${expositions.target}/dcgm`,
        ...extra,
      },
    })
  const open = { RATE: '3', PEAK_RATE: '10' }
  // Only a schedule of its own has due times, and so a lateness.
  const poisson = { ...open, ARRIVALS: 'poisson' }
  try {
    const runs = await Promise.all([
      run('native-a', 'native', open),
      pause(4_000).then(() => run('native-b', 'native', poisson)),
      run('closed', 'native', { CONCURRENCY: '2', PEAK_CONCURRENCY: '6' }),
      run('trend-a', 'trend', open),
      pause(4_000).then(() => run('trend-b', 'trend', poisson)),
    ])
    return { prometheus, runs, startS, endS: Date.now() / 1000, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
