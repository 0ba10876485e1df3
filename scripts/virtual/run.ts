import { randomExponential, randomGamma, randomLogNormal } from 'd3-random'
import type { OldSample, RunData } from '../../lib/runs/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { meetsSlo, requestLimits } from '../../lib/metrics/index.ts'
import type { Slo } from '../../lib/metrics/index.ts'
import { defaultEngineConfig, simulate } from '../../simulator/index.ts'
import type { Arrival, EngineConfig, SimulatedRequest } from '../../simulator/index.ts'

/** A load test that is played in virtual time. */
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
}

/** What is asked for; the defaults are a chat's. */
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

/** Plays a load test on the simulator's scheduler; takes milliseconds. */
export function virtualRun(run: VirtualRun): RunData {
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
  return runOfServed(run, served, { loop: 'open', asked: run.ratePerS }, refused)
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

/** What a client at the other end of a network sees of what the engine served and refused. */
export function runOfServed(
  run: Omit<VirtualRun, 'ratePerS'>,
  served: readonly SimulatedRequest[],
  { loop, asked }: { loop: 'open' | 'closed'; asked: number },
  refused: readonly Arrival[] = [],
): RunData {
  const delay = randomLogNormal.source(randomSource(run.serverSeed, 'network'))(Math.log(1.5), 0.5)
  const samples = served.map((request) => sampleOf(request, delay, run.slo))
  for (const arrival of refused) samples.push(failure(arrival, arrival.atMs + delay(), run.slo))
  const { inputTokens = INPUT.median, outputTokens = OUTPUT.median } = run.traffic ?? {}
  const answers = run.askedOutputTokens
  const requests =
    answers === undefined
      ? samples
      : samples.map((r) => ({ ...r, asked: r.asked && { ...r.asked, outputTokens: answers } }))
  return {
    name: run.name,
    startedAt: undefined,
    conditions: {
      loop,
      shape: 'steady',
      asked,
      inputTokens: `lognormal(${inputTokens}, ${INPUT.sigma})`,
      outputTokens: `lognormal(${outputTokens}, ${OUTPUT.sigma})`,
      clientLimits: [],
    },
    fromMs: run.warmupMs,
    toMs: run.warmupMs + run.measuredMs,
    requests,
    figures: {},
  }
}

function sampleOf(r: SimulatedRequest, delay: () => number, slo: Slo | undefined): OldSample {
  const first = r.tokenTimesMs[0]
  const last = r.tokenTimesMs[r.tokenTimesMs.length - 1]
  // Both ends travel: each arrival of a chunk is late by its own bit of network.
  const [seenFirst, seenLast] = [first && first + delay(), last && last + delay()]
  if (!r.finished || seenFirst === undefined || seenLast === undefined) {
    return failure({ ...r, atMs: r.arrivalMs }, r.arrivalMs + 120_000, slo)
  }
  const lastMs = Math.max(seenFirst, seenLast)
  const timings = {
    ttftMs: seenFirst - r.arrivalMs,
    tpotMs: r.outputTokens > 1 ? (lastMs - seenFirst) / (r.outputTokens - 1) : undefined,
    e2eMs: lastMs - r.arrivalMs,
  }
  return {
    atMs: r.arrivalMs,
    endMs: lastMs,
    promptId: undefined,
    outcome: 'completed',
    good: slo && meetsSlo({ ...NO_TIMINGS, ...timings }, requestLimits(slo)),
    inputTokens: r.promptTokens,
    cachedTokens: r.cachedTokens,
    outputTokens: r.outputTokens,
    asked: { inputTokens: r.promptTokens, outputTokens: r.outputTokens },
    firstTokenMs: seenFirst,
    lastTokenMs: lastMs,
    timings,
  }
}

const NO_TIMINGS = {
  ttfbMs: undefined,
  ttfoMs: undefined,
  stallMs: undefined,
  streamMs: undefined,
  connectingMs: undefined,
  latenessMs: undefined,
  ttftDueMs: undefined,
  e2eDueMs: undefined,
  iclMs: [],
  itlMs: [],
}

function failure(
  { atMs, promptTokens, outputTokens }: Arrival,
  endMs: number,
  slo: Slo | undefined,
): OldSample {
  return {
    atMs,
    endMs,
    promptId: undefined,
    outcome: 'failed',
    good: slo && false,
    inputTokens: undefined,
    cachedTokens: undefined,
    outputTokens: 0,
    asked: { inputTokens: promptTokens, outputTokens },
    firstTokenMs: undefined,
    lastTokenMs: undefined,
    timings: {},
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)))
}
