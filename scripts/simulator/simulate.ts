import type { Engine, EngineRequest, EngineSink } from './engine-types.ts'
import type { EngineConfig } from './engine-config.ts'
import { createEngine } from './scheduler.ts'

export interface Arrival extends EngineRequest {
  /** From the start of the run, ms. */
  atMs: number
}

/** What became of one arrival. Times in ms from the start of the run. */
export interface SimulatedRequest {
  id: string
  arrivalMs: number
  /** First taken into a batch; undefined when the run ended before. */
  scheduledMs: number | undefined
  /** Time of every token. */
  tokenTimesMs: number[]
  promptTokens: number
  cachedTokens: number
  outputTokens: number
  preemptions: number
  finished: boolean
}

/**
 * A whole run in virtual time: thousands of requests in milliseconds.
 *
 * @param config of the engine, or a function that makes one with the sink it is given
 * @param arrivals in any order
 * @param untilMs stop there (overload never ends); what is unfinished says so
 * @returns a record for each arrival, in the order given
 */
export const simulate = (
  config: EngineConfig | ((sink: EngineSink) => Engine),
  arrivals: readonly Arrival[],
  untilMs = Infinity,
): SimulatedRequest[] => {
  const records = new Map<string, SimulatedRequest>()
  const of = (id: string): SimulatedRequest => records.get(id)!
  const sink: EngineSink = {
    scheduled(id, atMs, cachedTokens) {
      const record = of(id)
      record.scheduledMs = atMs
      record.cachedTokens = cachedTokens
    },
    token: (id, atMs) => of(id).tokenTimesMs.push(atMs),
    preempted(id) {
      of(id).preemptions++
    },
    finished(id) {
      of(id).finished = true
    },
  }
  const engine = typeof config === 'function' ? config(sink) : createEngine(config, sink)
  const result = arrivals.map((arrival): SimulatedRequest => {
    if (records.has(arrival.id)) throw new RangeError(`two arrivals have the id ${arrival.id}`)
    const record: SimulatedRequest = {
      id: arrival.id,
      arrivalMs: arrival.atMs,
      scheduledMs: undefined,
      tokenTimesMs: [],
      promptTokens: arrival.promptTokens,
      cachedTokens: 0,
      outputTokens: arrival.outputTokens,
      preemptions: 0,
      finished: false,
    }
    records.set(arrival.id, record)
    return record
  })
  for (const arrival of arrivals.toSorted((a, b) => a.atMs - b.atMs)) {
    if (arrival.atMs > untilMs) break
    engine.submit(arrival, arrival.atMs)
  }
  engine.advanceTo(untilMs)
  return result
}
