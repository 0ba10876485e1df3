import { randomExponential, randomGamma, randomLogNormal } from 'd3-random'
import type { Slo } from '../../lib/metrics/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import type { AnyRecord } from '../../lib/records/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { defaultEngineConfig, simulate } from '../../simulator/index.ts'
import type { Arrival, EngineConfig, SimulatedRequest } from '../../simulator/index.ts'
import { answered, recordsOf, unanswered } from './records.ts'
import type { VirtualRequest } from './records.ts'

/** A load test played in virtual time. */
export interface VirtualRun {
  name: string
  /** Requests/s, Poisson. */
  ratePerS: number
  warmupMs: number
  measuredMs: number
  /** Of arrivals and lengths: the same seed is the same traffic. */
  trafficSeed: number
  /** Of the server's and the network's noise. */
  serverSeed: number
  engine?: Partial<EngineConfig> | undefined
  /** Makes every step this much slower: 1.05 is a TPOT 5 % up. */
  slower?: number | undefined
  slo?: Slo | undefined
  /** Asked of every answer, which end by themselves; else each is asked for as long as it gets. */
  askedOutputTokens?: number | undefined
  /** Share of requests that the server fails at once. */
  failures?: number | undefined
  traffic?: VirtualTraffic | undefined
  /** Name of the model that is asked for. */
  model?: string | undefined
  /** Whether the report says how certain its figures are (default: yes), which is half of the work. */
  intervals?: boolean | undefined
}

/** What is asked for; the defaults are those of a chat. */
export interface VirtualTraffic {
  /** Median lengths, tokens (200, 120); lognormal with sigma 0.6. */
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  /** Shape of gamma gaps: below 1 bursts (1: Poisson). */
  burstiness?: number | undefined
}

/** Noise of a step's length as on real servers, relative (vLLM's decode steps vary by 2 to 10 %). */
const STEP_NOISE = 0.05

const INPUT = { median: 200, sigma: 0.6 }
const OUTPUT = { median: 120, sigma: 0.6 }

/** Poisson arrivals (or bursts) with lognormal lengths, all from one seed. */
export function virtualArrivals(
  ratePerS: number,
  lengthMs: number,
  seed: number,
  traffic: VirtualTraffic = {},
): Arrival[] {
  const { burstiness = 1 } = traffic
  const gaps = randomSource(seed, 'gaps')
  const gap =
    burstiness === 1
      ? randomExponential.source(gaps)(ratePerS / 1000)
      : randomGamma.source(gaps)(burstiness, 1000 / ratePerS / burstiness)
  const lengths = virtualLengths(seed, traffic)
  const arrivals: Arrival[] = []
  for (let atMs = gap(); atMs < lengthMs; atMs += gap())
    arrivals.push({ id: String(arrivals.length), atMs, ...lengths() })
  return arrivals
}

/** Draws the lengths of one request after the other, tokens. */
export function virtualLengths(
  seed: number,
  { inputTokens = INPUT.median, outputTokens = OUTPUT.median }: VirtualTraffic = {},
): () => { promptTokens: number; outputTokens: number } {
  const input = randomLogNormal.source(randomSource(seed, 'input'))(
    Math.log(inputTokens),
    INPUT.sigma,
  )
  const output = randomLogNormal.source(randomSource(seed, 'output'))(
    Math.log(outputTokens),
    OUTPUT.sigma,
  )
  return () => ({
    promptTokens: clamp(input(), 4, 15 * inputTokens),
    outputTokens: clamp(output(), 2, Math.max(1000, 5 * outputTokens)),
  })
}

/** Plays a load test on the simulator's scheduler and reads it back; takes milliseconds. */
export function virtualRun(run: VirtualRun): Run {
  return runOfRecords(run.name, virtualRecords(run), { intervals: run.intervals ?? true })
}

/** The records that a load test on the simulator's scheduler leaves. */
export function virtualRecords(run: VirtualRun): readonly AnyRecord[] {
  const toMs = run.warmupMs + run.measuredMs
  const arrivals = virtualArrivals(run.ratePerS, toMs, run.trafficSeed, run.traffic)
  const fails = randomSource(run.serverSeed, 'failures')
  const failed = arrivals.map(() => fails() < (run.failures ?? 0))
  const served = simulate(
    virtualEngine(run),
    arrivals.filter((_, i) => !failed[i]),
    // Overload never ends: give the last ones as long again as the run took.
    2 * toMs,
  )
  const refused = arrivals.filter((_, i) => failed[i])
  return recordsOfServed(run, served, { loop: 'open', asked: run.ratePerS }, refused)
}

/** The engine of a run. */
export function virtualEngine(
  run: Pick<VirtualRun, 'engine' | 'slower' | 'serverSeed'>,
): EngineConfig {
  const slower = run.slower ?? 1
  const base = { ...defaultEngineConfig, stepNoise: STEP_NOISE, ...run.engine }
  return {
    ...base,
    seed: run.serverSeed,
    stepBaseMs: base.stepBaseMs * slower,
    perRequestMs: base.perRequestMs * slower,
    perKvTokenMs: base.perKvTokenMs * slower,
  }
}

/** What a client at the other end of a network records of what the engine served and refused. */
export function recordsOfServed(
  run: Omit<VirtualRun, 'ratePerS'>,
  served: readonly SimulatedRequest[],
  { loop, asked }: { loop: 'open' | 'closed'; asked: number },
  refused: readonly Arrival[] = [],
): readonly AnyRecord[] {
  const delay = randomLogNormal.source(randomSource(run.serverSeed, 'network'))(Math.log(1.5), 0.5)
  const due = (atMs: number) => (loop === 'open' ? atMs : undefined)
  const requests = served.map((one): VirtualRequest => {
    const { arrivalMs: atMs, outputTokens } = one
    const late = () => unanswered(atMs, due(atMs), atMs + TIMEOUT_MS, 'timeout', 'whole_timeout')
    return {
      arrival: { ...one, atMs },
      askedOutputTokens: run.askedOutputTokens ?? outputTokens,
      result: answered(one, due(atMs), delay) ?? late(),
    }
  })
  for (const arrival of refused) {
    const { atMs, outputTokens } = arrival
    requests.push({
      arrival,
      askedOutputTokens: run.askedOutputTokens ?? outputTokens,
      result: unanswered(atMs, due(atMs), atMs + delay(), 'http_error', 'http_503'),
    })
  }
  const { inputTokens = INPUT.median, outputTokens = OUTPUT.median } = run.traffic ?? {}
  const lengths = {
    input: { median: inputTokens, sigma: INPUT.sigma },
    output: { median: outputTokens, sigma: OUTPUT.sigma },
  }
  const { warmupMs, measuredMs, trafficSeed, slo, model = 'sim-model' } = run
  const head = { warmupMs, measuredMs, loop, asked, trafficSeed, lengths, slo, model }
  return recordsOf(head, requests)
}

/** A client gives up an answer that takes longer. */
const TIMEOUT_MS = 120_000

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)))
}
