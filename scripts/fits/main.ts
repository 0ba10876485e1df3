import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildScenarios } from '../../build.mjs'
import { startSimulator } from '../../simulator/index.ts'
import { examples } from '../deploy/index.ts'
import { ensureK6 } from '../setup/index.mjs'
import { createMemoryGroup } from './cgroup.ts'

// Runs one pod of an example of deploy/kubernetes in the memory that its manifest gives it: `npm run k8s:fits`.
// The server is so slow that k6 goes up to all its VUs, which is what the memory is for. Needs root.

const HELP = `Usage: npm run k8s:fits -- [EXAMPLE …] [--duration D]

Runs the first pod of an example (default: all in deploy/kubernetes) within its memory, against a server
that is slower than EXPECTED_E2E says, and tells its peak. Exit code 1 when a pod is killed for memory.

  --duration D   DURATION of the scenario (default 30s); a request leaves 5 KB, a VU takes 2 MiB`

/** Longer than any answer may take: no VU is free again. */
const SLOW_MS = 120_000
const MIB = 2 ** 20

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { duration: { type: 'string', default: '30s' }, help: { type: 'boolean' } },
})
if (values.help) console.log(HELP)
else process.exitCode = await main(positionals, values.duration)

async function main(names: readonly string[], duration: string): Promise<number> {
  const wanted = examples().filter(({ plan }) => names.length === 0 || names.includes(plan.name))
  if (wanted.length === 0) throw new Error(`no example is named ${names.join(', ')}`)
  const k6 = (await ensureK6()).path
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-fits-'))
  const simulator = await startSimulator({ ttftMs: SLOW_MS, tpotMs: 5 })
  try {
    await buildScenarios({
      outDir: folder,
      names: wanted.map(({ options }) => options.scenario),
      minify: true,
    })
    let failed = 0
    for (const { plan, options } of wanted) {
      const { parallelism, memory, variables } = plan
      const own = { ...variables, BASE_URL: simulator.url, DURATION: duration, RESULTS: 'none' }
      const shared = { START_AT: '', PREFLIGHT: 'off', MODEL: 'm', CALIBRATION: 'off' }
      const env = Object.entries({ ...own, ...shared }).filter(([, value]) => value !== '')
      const ended = await runPod(
        [
          ...[k6, 'run', '--quiet', '--no-usage-report', '--address=', '--log-output=none'],
          ...(parallelism > 1
            ? [
                ...['--execution-segment', `0:1/${parallelism}`],
                ...['--execution-segment-sequence', segments(parallelism)],
              ]
            : []),
          path.join(folder, `${options.scenario}.js`),
        ],
        Object.fromEntries(env),
        bytesOf(memory),
      )
      if (ended.killed > 0) failed++
      const verdict = ended.killed > 0 ? 'KILLED for memory' : 'fits'
      console.log(
        `${plan.name}: ${verdict}; peak ${Math.ceil(ended.peakBytes / MIB)} MiB of ${memory}, exit code ${ended.code}${ended.started}`,
      )
    }
    return failed > 0 ? 1 : 0
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** k6 within a group of its own. Its own summary tells how many requests it started. */
async function runPod(
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  limitBytes: number,
) {
  const group = createMemoryGroup(`k6-inference-fits-${process.pid}`, limitBytes)
  try {
    const [program, ...args] = group.within(command)
    const { PATH, HOME } = process.env
    const child = spawn(program!, args, {
      env: { PATH, HOME, ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    const started = /([\d,]+) started/.exec(stdout)?.[1]
    const text = started === undefined ? '' : `, ${started} requests started`
    return { code, started: text, peakBytes: group.peakBytes(), killed: group.killed() }
  } finally {
    group.remove()
  }
}

function segments(count: number): string {
  return Array.from({ length: count + 1 }, (_, i) =>
    i === 0 ? '0' : i === count ? '1' : `${i}/${count}`,
  ).join(',')
}

/** The examples ask for whole MiB. */
function bytesOf(memory: string): number {
  const [, mebibytes] = /^(\d+)Mi$/.exec(memory) ?? []
  if (mebibytes === undefined) throw new Error(`${memory}: accepted: whole MiB, such as 960Mi`)
  return Number(mebibytes) * MIB
}
