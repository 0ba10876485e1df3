import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { outputEnv } from '../../grafana/src/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import { startPrometheus } from '../prometheus.ts'
import type { Prometheus } from '../prometheus.ts'

/** A fixed port: dashboards and pages name it. */
const PORT = 18_080
const SLOW = { stepBaseMs: 20, perRequestMs: 0.4 }
const FAST = { stepBaseMs: 14, perRequestMs: 0.4 }
const VARIABLES = {
  BASE_URL: `http://127.0.0.1:${PORT}/v1`,
  INPUT_TOKENS: '200',
  OUTPUT_TOKENS: 'lognormal(60,0.3)',
  ARRIVALS: 'poisson',
  SLO_TTFT_P95: '500',
  SLO_TPOT_P95: '40',
  SLO_E2E_P95: '4000',
  SLO_GOODPUT: '0.95',
  EXPECTED_E2E: '8s',
  WARMUP: '5s',
}
const SPIKE = {
  RATE: '3',
  PEAK_RATE: '14',
  DURATION: '20s',
  SPIKE_DURATION: '10s',
  RECOVERY_DURATION: '40s',
}
const SWEEP = { STEPS: '2,4,6,8,10,12,14', STEP_DURATION: '12s', STEP_SETTLE: '4s' }

/** Real runs of the simulator, with a Prometheus that heard them. */
export interface Played {
  prometheus: Prometheus
  /** Epoch seconds of the first spike, for the dashboards, and of the end of all runs. */
  span: { startS: number; endS: number; allEndS: number }
  folder: (name: string) => string
}

/** Plays the runs that the pictures show, about ten minutes, or takes those that `folder` holds. */
export async function play(folder: string): Promise<Played> {
  const target = `127.0.0.1:${PORT}`
  const prometheus = await startPrometheus({
    scrape: [{ job: 'vllm', target, path: '/metrics' }],
    data: path.join(folder, 'prometheus'),
  })
  const spans = path.join(folder, 'spans.json')
  if (!existsSync(spans)) {
    const span = await playAll(folder, prometheus)
    writeFileSync(spans, JSON.stringify(span))
  }
  const span = JSON.parse(readFileSync(spans, 'utf8')) as Played['span']
  return { prometheus, span, folder: (name) => path.join(folder, name) }
}

async function playAll(folder: string, prometheus: Prometheus): Promise<Played['span']> {
  const run = async (name: string, scenario: string, variables: Record<string, string>) => {
    if (existsSync(path.join(folder, name))) return
    const given = asOptions({ ...VARIABLES, ...variables })
    const output = ['-o', 'experimental-prometheus-rw', '--tag', `testid=${path.basename(name)}`]
    const out = path.join(folder, 'raw')
    await cli(['run', scenario, ...given, '--out', out, '--', ...output], prometheus)
    const [made] = readdirSync(out)
    renameSync(path.join(out, made as string), path.join(folder, name))
  }
  const server = async (engine: typeof FAST, body: () => Promise<void>) => {
    const simulator = await startSimulator({
      port: PORT,
      preset: 'engine',
      models: ['demo-model'],
      engine: { maxRunning: 16, prefillTokensPerS: 40_000, kvBlocks: 400, ...engine },
    })
    await body().finally(async () => simulator.close())
  }
  let spike = { startS: 0, endS: 0 }
  await server(FAST, async () => {
    const startS = Date.now() / 1000
    await run('before', 'chat-spike', SPIKE)
    spike = { startS, endS: Date.now() / 1000 }
    await run('sweep', 'rate-sweep', SWEEP)
    await search(folder, prometheus)
  })
  await server(SLOW, async () => run('after', 'chat-spike', SPIKE))
  for (let i = 0; i < 9; i++) {
    await server(i < 5 ? FAST : SLOW, async () =>
      run(path.join('nightly', `night-${i + 1}`), 'chat-steady', { RATE: '5', DURATION: '10s' }),
    )
  }
  return { ...spike, allEndS: Date.now() / 1000 }
}

/** A short search: enough for a page that shows how far the capacity is known. */
async function search(folder: string, prometheus: Prometheus): Promise<void> {
  if (existsSync(path.join(folder, 'capacity.html'))) return
  const { SLO_GOODPUT: _, SLO_E2E_P95: __, WARMUP: ___, ...given } = VARIABLES
  const bounds = ['--start', '4', '--min', '2', '--max', '24', '--max-minutes', '3']
  const each = ['--duration', '20s', '--warmup', '5s', '--precision', '20%']
  const at = ['--runs', path.join(folder, 'capacity'), '--out', path.join(folder, 'capacity.html')]
  await cli(['capacity', ...asOptions(given), ...bounds, ...each, ...at], prometheus)
}

/** Runs the program of this clone, with k6's output going to the Prometheus. */
export async function cli(args: readonly string[], prometheus: Prometheus): Promise<void> {
  const bin = new URL('../../bin/k6-inference.mjs', import.meta.url).pathname
  const code = await node([bin, ...args], {
    ...outputEnv('native'),
    K6_PROMETHEUS_RW_SERVER_URL: prometheus.writeUrl,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '2s',
  })
  // 99: limits missed, which is what the pictures are of.
  if (code !== 0 && code !== 99)
    throw new Error(`k6-inference ${args.join(' ')}: exit code ${code}`)
}

function asOptions(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([key, value]) => ['-e', `${key}=${value}`])
}

/** Runs a script with Node, to its end. @returns its exit code */
export function node(args: readonly string[], variables: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...variables }
  const child = spawn(process.execPath, args, { env, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (ended) => resolve(ended ?? 1)))
}
