import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { buildScenarios } from '../../build.mjs'
import { ensureK6 } from '../setup/index.mjs'
import { startSimulator } from '../../simulator/index.ts'
import { runMeasured } from './client/measured-process.ts'

/**
 * What a VU, a request and a token cost k6 in CPU and memory: the figures of docs/sizing.md. Each comes from
 * two runs that differ in nothing else, so that start-up is in none. Needs bash. Other work on the machine makes
 * CPU look dearer.
 */
interface Load {
  vus: number
  outputTokens: number
  seconds: number
}

interface Used {
  cpuS: number
  peakMiB: number
  requests: number
  tokens: number
}

const TPOT_MS = 20

const k6 = (await ensureK6()).path
const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-sizing-'))
const simulator = await startSimulator({ ttftMs: 20, tpotMs: TPOT_MS })
try {
  await buildScenarios({ outDir: folder, names: ['chat-steady'], minify: true })
  const long = { vus: 20, outputTokens: 100, seconds: 6 }
  const short = { vus: 20, outputTokens: 5, seconds: 6 }
  const [a1, a2] = [await run(long), await run({ ...long, seconds: 18 })]
  const [b1, b2] = [await run(short), await run({ ...short, seconds: 45 })]
  const [c1, c2] = [await run({ ...long, vus: 100 }), await run({ ...long, vus: 400 })]
  // CPU = requests x R + tokens x T, by two mixes of both.
  const mixes = [difference(a1, a2), difference(b1, b2)] as const
  const [m, n] = mixes
  const determinant = m.requests * n.tokens - n.requests * m.tokens
  const perRequestS = (m.cpuS * n.tokens - n.cpuS * m.tokens) / determinant
  const perTokenS = (m.requests * n.cpuS - n.requests * m.cpuS) / determinant
  const perVuMiB = (c2.peakMiB - c1.peakMiB) / 300
  const costs = {
    cpu: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
    cpuUsPerToken: perTokenS * 1e6,
    cpuUsPerRequest: perRequestS * 1e6,
    mibPerVu: perVuMiB,
    mibBase: a1.peakMiB - 20 * perVuMiB,
    bytesPerRequest: (n.peakMiB * 1024 * 1024) / n.requests,
  }
  console.log(JSON.stringify({ costs, runs: { a1, a2, b1, b2, c1, c2 } }, null, 2))
} finally {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
}

function difference(short: Used, long: Used): Used {
  return {
    cpuS: long.cpuS - short.cpuS,
    peakMiB: long.peakMiB - short.peakMiB,
    requests: long.requests - short.requests,
    tokens: long.tokens - short.tokens,
  }
}

async function run({ vus, outputTokens, seconds }: Load): Promise<Used> {
  const variables = {
    BASE_URL: simulator.url,
    CONCURRENCY: vus,
    DURATION: `${seconds}s`,
    WARMUP: 0,
    INPUT_TOKENS: 200,
    OUTPUT_TOKENS: outputTokens,
    IGNORE_EOS: 'on',
    CALIBRATION: 'off',
    RESULTS: folder,
  }
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const { PATH, HOME } = process.env
  const used = await runMeasured(
    k6,
    [
      'run',
      '--quiet',
      '--no-usage-report',
      '--address=',
      ...given,
      path.join(folder, 'chat-steady.js'),
    ],
    { PATH, HOME },
    seconds * 1000 + 120_000,
  )
  if (used.code !== 0) throw new Error(`k6 ended with ${used.code}\n${used.stdout}${used.stderr}`)
  const json = await readFile(path.join(folder, 'chat-steady.json'), 'utf8')
  const { total } = JSON.parse(json) as { total: { completed: number } }
  const { cpuS, peakMiB = Number.NaN } = used
  const requests = total.completed
  console.error(
    `${vus} VUs, ${outputTokens} tokens, ${seconds} s: ${requests} requests, ${cpuS} s CPU, ${peakMiB} MiB`,
  )
  return { cpuS, peakMiB, requests, tokens: requests * outputTokens }
}
