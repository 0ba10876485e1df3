import type { Engine, EngineRequest, EngineSink } from './types.ts'
import type { EngineConfig } from './config.ts'
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

/** Keeps what becomes of the requests that an engine is given; they are added before it gets them. */
export function createRunRecord() {
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
  return {
    sink,
    /** @throws RangeError when there is one of this id */
    add({ id, atMs, promptTokens, outputTokens }: Arrival): void {
      if (records.has(id)) throw new RangeError(`two arrivals have the id ${id}`)
      records.set(id, {
        id,
        arrivalMs: atMs,
        scheduledMs: undefined,
        tokenTimesMs: [],
        promptTokens,
        cachedTokens: 0,
        outputTokens,
        preemptions: 0,
        finished: false,
      })
    },
    /** In the order in which they were added. */
    all: (): SimulatedRequest[] => [...records.values()],
  }
}

/**
 * A whole run in virtual time: thousands of requests in milliseconds.
 *
 * @param config of the engine, or a function that makes one with the sink it is given
 * @param arrivals in any order
 * @param untilMs stop there (overload never ends); what is unfinished says so
 * @returns a record for each arrival, in the order given
 */
export function simulate(
  config: EngineConfig | ((sink: EngineSink) => Engine),
  arrivals: readonly Arrival[],
  untilMs = Infinity,
): SimulatedRequest[] {
  const record = createRunRecord()
  const { sink } = record
  const engine = typeof config === 'function' ? config(sink) : createEngine(config, sink)
  for (const arrival of arrivals) record.add(arrival)
  for (const arrival of arrivals.toSorted((a, b) => a.atMs - b.atMs)) {
    if (arrival.atMs > untilMs) break
    engine.submit(arrival, arrival.atMs)
  }
  engine.advanceTo(untilMs)
  return record.all()
}
