import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { buildScenarios } from '../../build.mjs'
import type { Report } from '../../lib/results/index.ts'
import { percentile } from '../../lib/statistics/index.ts'
import { ensureK6 } from '../setup/index.mjs'
import { buildGo } from './client/build-go.ts'
import { runMeasured } from './client/measured-process.ts'
import { startServer } from './client/server.ts'
import type { ServerRecord } from './client/server.ts'

/**
 * Many slow streams in an open loop, with the server on the same machine: is TTFT the server's own? Prints
 * the percentiles of both sides, request by request the same ones, and what k6 took. Judges nothing; other load
 * on the machine affects it. `npm run bench:streams`, or `-- STREAMS TOKENS/S` (1,000 and 20 without). Needs
 * bash and Go.
 */
const [streams = 1000, tokensPerS = 20] = process.argv.slice(2).map(Number)
const answerTokens = 10 * tokensPerS
const answerS = 0.1 + answerTokens / tokensPerS

const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-streams-'))
try {
  const k6 = (await ensureK6()).path
  const program = await buildGo(folder, 'benchserver')
  await buildScenarios({ outDir: folder, names: ['chat-steady'] })
  const server = await startServer(program, { streams, tokensPerS, answerTokens, text: ' token' })
  try {
    await measure(k6, server.url, server.takeRecords)
  } finally {
    await server.close()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measure(k6: string, url: string, takeRecords: () => Promise<ServerRecord[]>) {
  const requests = path.join(folder, 'requests.jsonl')
  const variables = {
    BASE_URL: url,
    RATE: Math.round((streams / answerS) * 1000) / 1000,
    // As many are in flight as later once the longest answers of the start are over.
    WARMUP: `${Math.ceil(1.5 * answerS)}s`,
    DURATION: '20s',
    EXPECTED_E2E: `${Math.round(answerS * 1000)}ms`,
    INPUT_TOKENS: 100,
    OUTPUT_TOKENS: 4 * answerTokens,
    IGNORE_EOS: 'off',
    CALIBRATION: 'off',
    RECORDS: 'on',
    RESULTS: folder,
  }
  const beganMs = Date.now()
  const used = await runMeasured(
    k6,
    [
      ...['run', '--quiet', '--no-usage-report', '--address=', '--log-format=raw'],
      `--console-output=${requests}`,
      ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      path.join(folder, 'chat-steady.js'),
    ],
    { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    300_000,
  )
  if (used.code !== 0) throw new Error(`k6 ended with ${used.code}\n${used.stdout}${used.stderr}`)
  const report = JSON.parse(await readFile(path.join(folder, 'chat-steady.json'), 'utf8')) as Report
  const truth = await takeRecords()
  const { client, server } = matched(await readFile(requests, 'utf8'), truth)
  const firstMs = Math.min(...truth.slice(1).map(({ receivedMs }) => receivedMs))
  const ms = (values: number[], share: number) => percentile(values, share)?.toFixed(1)
  console.log(`${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores
  streams   ${report.measured.inFlight?.toFixed(0)} in flight of ${streams} x ${tokensPerS} tokens/s, ${client.length} requests
  TTFT      p50 ${ms(client, 0.5)} ms (server ${ms(server, 0.5)}), p99 ${ms(client, 0.99)} ms (server ${ms(server, 0.99)})
  k6        ${used.cpuS.toFixed(1)} s CPU in ${used.wallS.toFixed(0)} s, ${used.peakMiB?.toFixed(0)} MiB, first request after ${((firstMs - beganMs) / 1000).toFixed(1)} s
  client    ${report.client.status}, ${report.droppedIterations} dropped, ${report.total.failed} failed`)
}

/** TTFT of the measured requests that both sides know, ms, in the same order. */
function matched(lines: string, truth: readonly ServerRecord[]) {
  const byId = new Map(truth.map((record) => [record.id, record]))
  const both = { client: [] as number[], server: [] as number[] }
  for (const line of lines.split('\n')) {
    if (!line.startsWith('{')) continue
    const { requestId, ttftMs, measured } = JSON.parse(line) as Record<string, unknown>
    const record = byId.get(String(requestId))
    if (record === undefined || measured !== true || typeof ttftMs !== 'number') continue
    both.client.push(ttftMs)
    both.server.push(record.firstTokenMs - record.receivedMs)
  }
  return both
}
