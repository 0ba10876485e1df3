import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { buildScenarios } from '../../build.mjs'
import type { Report } from '../../lib/results/index.ts'
import { startSimulator } from '../../simulator/index.ts'
import { ensureK6 } from '../setup/index.mjs'
import { bareLoopBeside } from './embeddings/script.ts'

const help = `How many short answers a closed loop gets, beside a bare loop over k6/http in the same run.

  npm run bench:embeddings -- [--vus N] [--latency MS] [--batch N] [--seconds S] [--rounds N]

Embeddings of --latency (20) from a server without contention, --vus (4) in each of the two loops,
--batch (1) texts per request. Prints each round and the median of --rounds (3). It judges nothing.`

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    vus: { ...text, default: '4' },
    latency: { ...text, default: '20' },
    batch: { ...text, default: '1' },
    seconds: { ...text, default: '10' },
    rounds: { ...text, default: '3' },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  if (values.help) return console.log(help)
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-bench-'))
  const simulator = await startSimulator({ ttftMs: Number(values.latency) })
  try {
    await mkdir(path.join(folder, 'results'))
    await buildScenarios({ outDir: folder, names: ['embeddings'] })
    const script = path.join(folder, 'both.js')
    await writeFile(script, bareLoopBeside(path.join(folder, 'embeddings.js')))
    const k6 = (await ensureK6()).path
    const ratios: number[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const { ours, bare } = await once(k6, script, folder, simulator.url)
      ratios.push(ours / bare)
      console.log(`${ours} answers, the bare loop ${bare}: ${percent(ours / bare)}`)
    }
    ratios.sort((a, b) => a - b)
    const load = (loadavg()[0] ?? 0).toFixed(1)
    console.log(
      `median ${percent(ratios[ratios.length >> 1] ?? NaN)}; ${availableParallelism()} cores shared with the server, load ${load}`,
    )
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function once(k6: string, script: string, cwd: string, url: string) {
  const variables = {
    BASE_URL: url,
    CONCURRENCY: values.vus,
    DURATION: `${values.seconds}s`,
    WARMUP: '0',
    INPUT_TOKENS: '40',
    BATCH_SIZE: values.batch,
    CALIBRATION: 'off',
  }
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const { PATH, HOME } = process.env
  await promisify(execFile)(
    k6,
    ['run', '--quiet', '--no-usage-report', '--address=', ...given, script],
    { cwd, env: { PATH, HOME } },
  )
  const file = path.join(cwd, 'results', 'embeddings.json')
  const report = JSON.parse(await readFile(file, 'utf8')) as Report
  const counter = report.own.metrics.find(({ name }) => name === 'bare_requests')
  return { ours: report.total.completed ?? NaN, bare: counter?.values['count'] ?? NaN }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

await main()
