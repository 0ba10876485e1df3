import { percentile } from '../../../lib/statistics/index.ts'
import type { Report } from '../../../lib/results/index.ts'
import { loadTrace } from '../../../lib/traces/index.ts'
import { exponentialCdf, gammaCdf, ksDistance, ksTest } from './goodness.ts'
import { runOn, type BenchTarget } from './run.ts'

/** One line of the table: what was looked at, what was found, what is wanted. */
export interface Finding {
  check: string
  found: string
  wanted: string
  ok: boolean
}

const SERVER = { ttftMs: 100, tpotMs: 10 }
const QUIET = { CALIBRATION: 'off', WARMUP: '0s', EXPECTED_E2E: '1s' }

/** A trace's window, replayed faster: every request once, on time, with the trace's gaps. */
export async function replayChecks(
  target: BenchTarget,
  trace: { path: string; text: string },
): Promise<Finding[]> {
  const [fromMs, forMs, speed, maxOutput] = [600_000, 600_000, 10, 64]
  const changes = { from: fromMs, forMs, speed, limits: { maxOutput } }
  const loaded = loadTrace(trace.text, changes)
  if (!loaded.ok) throw new Error(loaded.message)
  const { atMs, outputTokens, rows } = loaded.trace
  const env = {
    ...QUIET,
    TRACE: trace.path,
    TRACE_FROM: '10m',
    TRACE_FOR: '10m',
    SPEED: String(speed),
    MAX_OUTPUT_TOKENS: String(maxOutput),
  }
  const { reports, records } = await runOn(target, 'trace-replay', env, SERVER)
  const report = reports[0] as Report
  const perS = (rows * 1000) / (forMs / speed)
  const { latenessP99Ms } = report.client
  const gaps = gapsOf(records.map(({ arrivalMs }) => arrivalMs))
  const distance = ksDistance(gaps, gapsOf([...atMs]))
  const offsets = offsetsOf(
    records.map(({ arrivalMs }) => arrivalMs),
    [...atMs],
  )
  const p99 = percentile(offsets, 0.99) ?? NaN
  return [
    {
      check: `replay of ${rows} requests, ${perS.toFixed(1)}/s: each once`,
      found: `${records.length} at the server`,
      wanted: 'as many, with the same answer lengths',
      ok: sameNumbers(
        records.map((record) => record.outputTokens),
        [...outputTokens],
      ),
    },
    {
      check: 'start lateness p99 (max)',
      found:
        `${latenessP99Ms?.toFixed(2)} ms (${report.client.latenessMaxMs?.toFixed(1)} ms); late: ` +
        `${report.client.lateNoVu} for want of a VU, ${report.client.lateClient} of the client`,
      wanted: 'under 20 ms',
      ok: latenessP99Ms !== null && latenessP99Ms < 20,
    },
    {
      check: 'gaps at the server against those of the trace: largest distance of distributions',
      found: distance.toFixed(4),
      wanted: 'under 0.05',
      ok: distance < 0.05,
    },
    {
      check: 'arrival at the server - due, p99 of the distance from its median',
      found: `${p99.toFixed(2)} ms`,
      wanted: 'under 20 ms',
      ok: p99 < 20,
    },
  ]
}

/** Poisson and gamma arrivals by the server's clock, against the distribution they were drawn from. */
export async function drawnChecks(target: BenchTarget): Promise<Finding[]> {
  const findings: Finding[] = []
  // Gaps long against the client's millisecond of jitter, or that would be what is tested.
  const rate = 10
  const mean = 1000 / rate
  const kinds = [
    ['poisson', {}, exponentialCdf(mean)],
    ['gamma, BURSTINESS=0.5', { BURSTINESS: '0.5' }, gammaCdf(0.5, mean / 0.5)],
    ['gamma, BURSTINESS=4', { BURSTINESS: '4' }, gammaCdf(4, mean / 4)],
  ] as const
  for (const [name, more, cdf] of kinds) {
    const env = {
      ...QUIET,
      ARRIVALS: name.split(',')[0] as string,
      ...more,
      RATE: String(rate),
      DURATION: '1m',
      INPUT_TOKENS: '40',
      OUTPUT_TOKENS: '4',
    }
    const { records } = await runOn(target, 'chat-steady', env, SERVER)
    const gaps = gapsOf(records.map(({ arrivalMs }) => arrivalMs))
    const { distance, p } = ksTest(gaps, cdf)
    findings.push({
      check: `${name}: ${records.length} arrivals at the server, Kolmogorov-Smirnov`,
      found: `D ${distance.toFixed(4)}, p ${p.toFixed(3)}`,
      wanted: 'p at least 0.01',
      ok: p >= 0.01,
    })
  }
  return findings
}

/** Two k6 processes on two execution segments: together each request of a trace once. */
export async function segmentChecks(
  target: BenchTarget,
  trace: { path: string; text: string },
): Promise<Finding[]> {
  const changes = { from: 600_000, forMs: 100_000, speed: 10, limits: { maxOutput: 64 } }
  const loaded = loadTrace(trace.text, changes)
  if (!loaded.ok) throw new Error(loaded.message)
  const env = {
    ...QUIET,
    PREFLIGHT: 'off',
    MODEL: 'sim-model',
    IGNORE_EOS: 'on',
    TRACE: trace.path,
    TRACE_FROM: '10m',
    TRACE_FOR: '100s',
    SPEED: '10',
    MAX_OUTPUT_TOKENS: '64',
  }
  const segments = ['0:1/2', '1/2:1']
  const { records, reports } = await runOn(target, 'trace-replay', env, SERVER, segments)
  const shares = reports.map(({ total }) => total.started)
  const wanted = [...loaded.trace.outputTokens]
  return [
    {
      check: `two segments, ${loaded.trace.rows} requests: each once`,
      found: `${shares.join(' + ')}, ${records.length} at the server`,
      wanted: 'as many, with the same answer lengths',
      ok: sameNumbers(
        records.map(({ outputTokens }) => outputTokens),
        wanted,
      ),
    },
  ]
}

/** Prompt lengths by the server's own count, on tokenizers and templates that differ. */
export async function lengthChecks(target: BenchTarget): Promise<Finding[]> {
  const findings: Finding[] = []
  const servers = [
    ['bytepair', 'chatml'],
    ['subword', 'llama'],
    ['byte', 'qwen'],
  ] as const
  for (const [tokenizer, template] of servers) {
    const env = {
      ...QUIET,
      CALIBRATION: 'auto',
      RATE: '15',
      DURATION: '15s',
      INPUT_TOKENS: 'lognormal(600,0.8,150,4000)',
      OUTPUT_TOKENS: '2',
    }
    const server = { ttftMs: 10, tpotMs: 5, tokenizer, template }
    const { reports } = await runOn(target, 'chat-steady', env, server)
    const lengths = reports[0]?.lengths
    const share = lengths?.inputAsWanted ?? NaN
    findings.push({
      check: `prompt lengths, tokenizer ${tokenizer}, template ${template}`,
      found: `${(100 * share).toFixed(1)} % within 2 % or 2 tokens, miss p95 ${lengths?.inputMissP95} tokens`,
      wanted: 'at least 95 %',
      ok: share >= 0.95,
    })
  }
  return findings
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - (times[i] as number))
}

/** |arrival - due - median of that|: the clocks differ by a constant that nobody knows. */
function offsetsOf(arrivals: readonly number[], due: readonly number[]): number[] {
  const raw = arrivals.map((at, i) => at - (due[i] as number))
  const middle =
    percentile(
      [...raw].sort((a, b) => a - b),
      0.5,
    ) ?? 0
  return raw.map((offset) => Math.abs(offset - middle)).sort((a, b) => a - b)
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  const [left, right] = [a, b].map((list) => [...list].sort((x, y) => x - y))
  return left?.length === right?.length && left?.every((value, i) => value === right?.[i]) === true
}
