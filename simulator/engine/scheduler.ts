import { randomNormal } from 'd3-random'
import { createEventLog } from './event-log.ts'
import type { Engine, EngineRequest, EngineSink } from './types.ts'
import { checkEngineConfig, compiledFor } from './config.ts'
import type { EngineConfig } from './config.ts'
import { createKvCache } from './kv-cache.ts'
import { createQueue } from './queue.ts'
import { randomSource } from '../random.ts'

interface Running {
  request: EngineRequest
  /** Tokens whose KV entries exist. */
  computed: number
  generated: number
  /** Tokens this step computes for it; 0 = not in this step. */
  inStep: number
  held: number[]
  /** Leading blocks already published to the prefix cache. */
  published: number
  seen: boolean
}

const NO_KEYS: readonly never[] = []

/**
 * The engine as a state machine in virtual time, deterministic for a configuration and arrivals.
 *
 * Each step first serves the running requests in order of arrival (one token each when decoding,
 * else a chunk of their prompt), then admits waiting ones, first come first served, while tokens,
 * places and blocks last. When blocks run out, the youngest running request is preempted: its
 * blocks are freed and its prompt and output so far are computed again later (vLLM V1's scheduler,
 * preemption by recompute).
 *
 * @param config lengths in ms, tokens, blocks; see {@link EngineConfig}
 * @param sink gets the events instead of `advanceTo`'s result
 * @throws RangeError with every problem of the configuration
 */
export function createEngine(config: EngineConfig, sink?: EngineSink): Engine {
  const problems = checkEngineConfig(config)
  if (problems.length > 0) throw new RangeError(problems.join('; '))
  const log = createEventLog()
  const out = sink ?? log.sink
  const cache = createKvCache(config.kvBlocks)
  const { blockSize, maxBatchedTokens, maxRunning } = config
  const noise = randomNormal.source(randomSource(config.seed))(1, config.stepNoise)

  const byId = new Map<string, Running>()
  const waiting = createQueue<Running>()
  let running: Running[] = []
  let nowMs = 0
  let stepEndMs = Infinity
  let preemptions = 0
  let prefixQueries = 0
  let prefixHits = 0
  let steps = 0
  let [compilations, largest, compiledMs] = [0, -1, 0]

  const keysOf = (r: Running): readonly (number | string)[] =>
    config.prefixCaching ? (r.request.blockKeys ?? NO_KEYS) : NO_KEYS
  const blocksMissing = (r: Running, tokens: number): number =>
    Math.max(0, Math.ceil(tokens / blockSize) - r.held.length)

  function preemptYoungest(): Running {
    const victim = running.pop()!
    cache.release(victim.held)
    victim.computed = 0
    victim.published = 0
    victim.inStep = 0
    preemptions++
    waiting.pushFirst(victim)
    out.preempted(victim.request.id, nowMs)
    return victim
  }

  /** Makes room for a running request; false when it was preempted itself. */
  function grow(r: Running, tokens: number): boolean {
    while (!cache.allocate(blocksMissing(r, tokens), r.held)) {
      if (preemptYoungest() === r) return false
    }
    return true
  }

  /** Takes the first waiting request into the step; 0 when it does not fit, else its tokens. */
  function admit(budget: number): number {
    const r = waiting.first()!
    const keys = keysOf(r)
    const total = r.request.promptTokens + r.generated
    // At least one token must be computed to get the next one, even if all are cached.
    const hits = cache.match(keys, Math.floor((total - 1) / blockSize))
    const tokens = Math.min(total - hits * blockSize, budget)
    const needed = Math.ceil((hits * blockSize + tokens) / blockSize) - hits
    if (needed > cache.free() - cache.unusedAmong(keys, hits)) return 0
    cache.share(keys, hits, r.held)
    cache.allocate(needed, r.held)
    r.computed = hits * blockSize
    r.published = hits
    r.inStep = tokens
    waiting.shift()
    running.push(r)
    if (!r.seen) {
      r.seen = true
      const cached = Math.min(r.computed, r.request.promptTokens)
      if (config.prefixCaching) {
        prefixQueries += r.request.promptTokens
        prefixHits += cached
      }
      out.scheduled(r.request.id, nowMs, cached)
    }
    return tokens
  }

  function beginStep(): void {
    let budget = maxBatchedTokens
    const preemptedBefore = preemptions
    for (let i = 0; i < running.length; i++) {
      const r = running[i]!
      const tokens = Math.min(r.request.promptTokens + r.generated - r.computed, budget)
      r.inStep = 0
      if (tokens === 0) continue
      if (!grow(r, r.computed + tokens)) break
      r.inStep = tokens
      budget -= tokens
    }
    // As in vLLM, a request that was just preempted is not admitted again in the same step.
    if (preemptions === preemptedBefore) {
      while (budget > 0 && running.length < maxRunning && waiting.size > 0) {
        const tokens = admit(budget)
        if (tokens === 0) break
        budget -= tokens
      }
    }
    const work = workOf(running)
    const ms = stepMs(config, work)
    steps++
    // At least a tenth: a normal distribution has no lower bound, but time does.
    stepEndMs = nowMs + (config.stepNoise > 0 ? ms * Math.max(0.1, noise()) : ms)
    if (config.compileMs > 0) compile(compiledFor(work.decoding))
  }

  function compile(batch: number): void {
    if (batch <= largest) return
    largest = batch
    compilations++
    stepEndMs += config.compileMs
    compiledMs = stepEndMs
  }

  function publish(r: Running): void {
    const keys = keysOf(r)
    const full = Math.min(keys.length, Math.floor(r.computed / blockSize))
    for (; r.published < full; r.published++)
      cache.publish(r.held[r.published]!, keys[r.published]!)
  }

  function endStep(): void {
    nowMs = stepEndMs
    stepEndMs = Infinity
    let left = 0
    // A sink may cancel requests while it is told of their tokens, so work on what was running.
    const batch = running
    for (const r of batch) {
      if (r.inStep === 0 || r.held.length === 0) continue
      r.computed += r.inStep
      r.inStep = 0
      publish(r)
      if (r.computed < r.request.promptTokens + r.generated) continue
      const index = r.generated++
      const last = r.generated === r.request.outputTokens
      if (last) {
        cache.release(r.held)
        byId.delete(r.request.id)
        left++
      }
      out.token(r.request.id, nowMs, index)
      if (last) out.finished(r.request.id, nowMs)
    }
    if (left > 0) running = running.filter((r) => r.held.length > 0)
  }

  function advance(ms: number): void {
    for (;;) {
      if (stepEndMs !== Infinity) {
        if (stepEndMs > ms) break
        endStep()
      } else {
        if (nowMs >= ms || running.length + waiting.size === 0) break
        beginStep()
      }
    }
    if (ms > nowMs && ms !== Infinity) {
      // Inside a step the clock moves on too: arrivals may come at any time.
      if (stepEndMs !== Infinity || running.length + waiting.size === 0) nowMs = ms
    }
  }

  return {
    submit(request, atMs) {
      if (!(atMs >= nowMs))
        throw new RangeError(`request ${request.id} at ${atMs} ms: the clock is at ${nowMs} ms`)
      if (!(request.promptTokens >= 1) || !(request.outputTokens >= 1))
        throw new RangeError(
          `request ${request.id} has ${request.promptTokens} prompt and ${request.outputTokens} output tokens; at least 1 each is accepted`,
        )
      if (byId.has(request.id)) throw new RangeError(`request ${request.id} is in the engine`)
      const blocks = Math.ceil((request.promptTokens + request.outputTokens) / blockSize)
      if (blocks > config.kvBlocks)
        throw new RangeError(
          `request ${request.id} needs ${blocks} KV-cache blocks of ${config.kvBlocks}: it could never run`,
        )
      advance(atMs)
      const r: Running = {
        request,
        computed: 0,
        generated: 0,
        inStep: 0,
        held: [],
        published: 0,
        seen: false,
      }
      byId.set(request.id, r)
      waiting.push(r)
    },
    nextEventMs() {
      if (stepEndMs === Infinity && running.length + waiting.size > 0) beginStep()
      return stepEndMs
    },
    advanceTo(ms) {
      if (!(ms >= nowMs)) throw new RangeError(`cannot go back from ${nowMs} to ${ms} ms`)
      advance(ms)
      return log.take()
    },
    cancel(id) {
      const r = byId.get(id)
      if (r === undefined) return false
      byId.delete(id)
      cache.release(r.held)
      const at = running.indexOf(r)
      if (at >= 0) running = running.toSpliced(at, 1)
      else waiting.remove(r)
      return true
    },
    stats: () => ({
      nowMs,
      running: running.length,
      waiting: waiting.size,
      kvUsage: cache.usage(),
      preemptions,
      prefixQueries,
      prefixHits,
      steps,
      compilations,
      compiledMs,
    }),
  }
}

/** What a step computes. */
interface Work {
  decoding: number
  /** Tokens in the context of the decoding requests. */
  kvTokens: number
  /** Prompt tokens. */
  prefill: number
}

function workOf(running: readonly Running[]): Work {
  let decoding = 0
  let kvTokens = 0
  let prefill = 0
  for (const r of running) {
    if (r.inStep === 0) continue
    if (r.generated > 0 && r.inStep === 1) {
      decoding++
      kvTokens += r.computed
    } else prefill += r.inStep
  }
  if (decoding === 0 && prefill === 0) throw new Error('the engine has work but cannot run any')
  return { decoding, kvTokens, prefill }
}

/** Length of a step, without noise. */
function stepMs(config: EngineConfig, { decoding, kvTokens, prefill }: Work): number {
  return (
    config.stepBaseMs +
    config.perRequestMs * decoding +
    config.perKvTokenMs * kvTokens +
    (1000 / config.prefillTokensPerS) * prefill
  )
}
