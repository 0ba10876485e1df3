import { randomNormal } from 'd3-random'
import { randomSource } from '../../../lib/random/index.ts'
import { compiledFor } from '../../../simulator/index.ts'
import type { EngineConfig } from '../../../simulator/index.ts'

/** Requests in order of arrival, a place each. */
export interface Queue {
  readonly atMs: Float64Array
  readonly promptTokens: Float64Array
  readonly outputTokens: Float64Array
}

/** When the first and last token of each came, and how many tokens each step brought; ms. */
export interface Served {
  readonly firstMs: Float64Array
  readonly lastMs: Float64Array
  readonly stepsMs: Float64Array
  readonly stepTokens: Float64Array
  /** When a cold server had compiled, and nobody waited any more; 0 for a warm one. */
  readonly warmMs: number
}

/** A power of two above the longest answer, tokens. */
const LONGEST = 4096

/**
 * The simulator's scheduler, a hundred times as fast: the same steps at the same times as `createEngine`
 * where the KV cache neither fills nor shares (a test compares them). Then all that a step needs to know is
 * how many requests decode, and an answer's last step is known when its first token comes.
 */
export function serve(config: EngineConfig, queue: Queue): Served {
  const { maxBatchedTokens, maxRunning, stepBaseMs, perRequestMs, prefillTokensPerS } = config
  const { compileMs } = config
  const { atMs, promptTokens, outputTokens } = queue
  const n = atMs.length
  const noise = randomNormal.source(randomSource(config.seed))(1, config.stepNoise)
  const [firstMs, lastMs] = [new Float64Array(n), new Float64Array(n)]
  const stepsMs: number[] = []
  const stepTokens: number[] = []
  // Answers by the step in which they end, as linked lists.
  const endsIn = new Int32Array(LONGEST).fill(-1)
  const nextOf = new Int32Array(n)
  let nowMs = 0
  let step = 0
  let [largest, compiledMs] = [-1, 0]
  let warmMs = 0
  let decoding = 0
  /** Requests that have arrived, and those admitted; of the last of these, prompt tokens still to compute. */
  let [arrived, admitted, rest] = [0, 0, 0]
  for (;;) {
    if (decoding === 0 && rest === 0 && admitted === arrived) {
      if (arrived === n) break
      nowMs = Math.max(nowMs, atMs[arrived] as number)
    }
    while (arrived < n && (atMs[arrived] as number) <= nowMs) arrived++
    let budget = maxBatchedTokens - decoding
    let prefill = Math.min(rest, budget)
    budget -= prefill
    rest -= prefill
    const wasPartial = prefill > 0 && rest === 0
    let running = decoding + (prefill > 0 ? 1 : 0)
    const from = wasPartial ? admitted - 1 : admitted
    while (budget > 0 && running < maxRunning && admitted < arrived) {
      const wanted = promptTokens[admitted++] as number
      const taken = Math.min(wanted, budget)
      prefill += taken
      budget -= taken
      rest = wanted - taken
      running++
    }
    const through = rest > 0 ? admitted - 1 : admitted
    const ms = stepBaseMs + perRequestMs * decoding + (1000 / prefillTokensPerS) * prefill
    nowMs += config.stepNoise > 0 ? ms * Math.max(0.1, noise()) : ms
    if (compileMs > 0 && compiledFor(decoding) > largest) {
      largest = compiledFor(decoding)
      compiledMs = nowMs += compileMs
    }
    stepsMs.push(nowMs)
    stepTokens.push(decoding + Math.max(0, through - from))
    for (
      let ended = endsIn[step % LONGEST] as number;
      ended >= 0;
      ended = nextOf[ended] as number
    ) {
      lastMs[ended] = nowMs
      decoding--
    }
    endsIn[step % LONGEST] = -1
    for (let first = from; first < through; first++) {
      firstMs[first] = nowMs
      const length = outputTokens[first] as number
      if (length === 1) {
        lastMs[first] = nowMs
        continue
      }
      const end = (step + length - 1) % LONGEST
      nextOf[first] = endsIn[end] as number
      endsIn[end] = first
      decoding++
    }
    step++
    if (compileMs > 0 && warmMs <= compiledMs && rest === 0 && admitted === arrived) warmMs = nowMs
  }
  return {
    firstMs,
    lastMs,
    stepsMs: Float64Array.from(stepsMs),
    stepTokens: Float64Array.from(stepTokens),
    warmMs,
  }
}
