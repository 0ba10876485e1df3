import { randomLogNormal } from 'd3-random'
import { randomSource } from '../../../lib/random/index.ts'
import { defaultEngineConfig } from '../../../simulator/index.ts'
import { serve } from './scheduler.ts'
import { traffic } from './traffic.ts'
import type { Arrivals } from './traffic.ts'

/** A stretch of a server's life as its clients see it: typed arrays, a place per request or per step. */
export interface Played {
  readonly atMs: Float64Array
  readonly ttftMs: Float64Array
  readonly e2eMs: Float64Array
  readonly outputTokens: Float64Array
  /** When tokens came, ascending, and how many. */
  readonly stepsMs: Float64Array
  readonly stepTokens: Float64Array
  /** When a cold server had compiled, and nobody waited any more; 0 for a warm one. */
  readonly warmMs: number
}

/** Requests/s that the server completes under overload, as measured: what its use is a share of. */
export const CAPACITY: Record<Arrivals, number> = { poisson: 50.14, bursts: 50.14, trace: 62.05 }

/** Noise of a step's length, relative, as on real servers. */
const STEP_NOISE = 0.05

/** How a server starts cold. */
export interface Cold {
  /** See `EngineConfig`. */
  readonly compileMs?: number
  /** Texts that prompts begin with, of which the first one of each kind has to be computed. */
  readonly prefixes?: { readonly count: number; readonly tokens: number }
}

/**
 * Lengthens the prompts that are the first with their prefix: later ones find it in the cache.
 * @returns when the last one came, ms
 */
function addPrefixes(
  { count, tokens }: NonNullable<Cold['prefixes']>,
  { atMs, promptTokens }: { readonly atMs: Float64Array; readonly promptTokens: Float64Array },
  seed: number,
): number {
  const random = randomSource(seed, 'prefixes')
  const cached = new Set<number>()
  let filledMs = 0
  for (let i = 0; i < atMs.length && cached.size < count; i++) {
    const prefix = Math.floor(random() * count)
    if (cached.has(prefix)) continue
    cached.add(prefix)
    promptTokens[i]! += tokens
    filledMs = atMs[i] as number
  }
  return filledMs
}

/**
 * Plays requests on the simulator's scheduler in virtual time.
 * @param use of the server, 0-1: arrivals over what it can complete; or what it is at a time
 * @param requests how many, from an empty server on
 * @param cold what is not there yet when the server starts; a warm one by default
 */
export function play(
  kind: Arrivals,
  use: number | ((atMs: number) => number),
  requests: number,
  seed: number,
  cold: Cold = {},
): Played {
  const useAt = typeof use === 'number' ? () => use : use
  const next = traffic(kind, CAPACITY[kind], seed)
  const network = randomLogNormal.source(randomSource(seed, 'network'))(Math.log(1.5), 0.5)
  const column = () => new Float64Array(requests)
  const [atMs, promptTokens, outputTokens, ttftMs, e2eMs] = [
    column(),
    column(),
    column(),
    column(),
    column(),
  ]
  let nowMs = 0
  for (let i = 0; i < requests; i++) {
    const request = next()
    atMs[i] = nowMs += request.gapMs / useAt(nowMs)
    promptTokens[i] = request.promptTokens
    outputTokens[i] = request.outputTokens
  }
  const config = {
    ...defaultEngineConfig,
    stepNoise: STEP_NOISE,
    seed,
    compileMs: cold.compileMs ?? 0,
  }
  const filledMs =
    cold.prefixes === undefined ? 0 : addPrefixes(cold.prefixes, { atMs, promptTokens }, seed)
  const served = serve(config, { atMs, promptTokens, outputTokens })
  for (let i = 0; i < requests; i++) {
    const at = atMs[i] as number
    ttftMs[i] = (served.firstMs[i] as number) - at + network()
    e2eMs[i] = Math.max(ttftMs[i] as number, (served.lastMs[i] as number) - at + network())
  }
  return {
    atMs,
    ttftMs,
    e2eMs,
    outputTokens,
    stepsMs: served.stepsMs,
    stepTokens: served.stepTokens,
    warmMs: Math.max(served.warmMs, filledMs),
  }
}
