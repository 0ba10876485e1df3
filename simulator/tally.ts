import type { EngineStats } from './engine/index.ts'
import { createHistogram } from './histogram.ts'
import type { SimRecord } from './records.ts'

/** Totals since the start or the last reset. */
export interface SimStats {
  /** TCP connections that were opened, for whatever was asked. */
  connections: number
  requests: number
  inFlight: number
  finished: number
  outcomes: Record<string, number>
  tokensWritten: number
  running: number
  waiting: number
  kvUsage: number
  preemptions: number
  /** Sizes of batches that a cold engine has compiled. */
  compilations: number
  recordsDropped: number
  /** How late tokens were written against the timetable, faults left out; undefined: no token. */
  latenessP50Ms: number | undefined
  latenessP99Ms: number | undefined
  latenessMaxMs: number
  cpuMs: number
  uptimeMs: number
}

const LATENESS_MS = [
  0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 7, 10, 15,
  20, 30, 50, 70, 100, 200, 500, 1000, 5000,
]

export interface Tally {
  connection(): void
  request(): void
  record(record: SimRecord): void
  lateness(ms: number): void
  stats(engine: EngineStats, inFlight: number, recordsDropped: number): SimStats
  reset(inFlight: number): void
}

/** Counts what the server did. */
export function createTally(): Tally {
  const histogram = createHistogram(LATENESS_MS)
  let connections = 0
  let requests = 0
  let tokensWritten = 0
  let latenessMaxMs = 0
  let outcomes: Record<string, number> = {}
  let startedMs = performance.now()
  let startedCpu = process.cpuUsage()
  function quantile(q: number): number | undefined {
    const value = histogram.quantile(q)
    // A bucket's bound may lie beyond the largest value in it.
    return value === undefined ? undefined : Math.min(value, latenessMaxMs)
  }
  return {
    connection: () => connections++,
    request: () => requests++,
    record(record) {
      outcomes[record.outcome] = (outcomes[record.outcome] ?? 0) + 1
      tokensWritten += record.tokenWrittenMs.length
    },
    lateness(ms) {
      histogram.observe(ms)
      if (ms > latenessMaxMs) latenessMaxMs = ms
    },
    stats(engine, inFlight, recordsDropped) {
      const cpu = process.cpuUsage(startedCpu)
      return {
        connections,
        requests,
        inFlight,
        finished: outcomes['finished'] ?? 0,
        outcomes: { ...outcomes },
        tokensWritten,
        running: engine.running,
        waiting: engine.waiting,
        kvUsage: engine.kvUsage,
        preemptions: engine.preemptions,
        compilations: engine.compilations,
        recordsDropped,
        latenessP50Ms: quantile(0.5),
        latenessP99Ms: quantile(0.99),
        latenessMaxMs,
        cpuMs: (cpu.user + cpu.system) / 1000,
        uptimeMs: performance.now() - startedMs,
      }
    },
    reset(inFlight) {
      histogram.reset()
      outcomes = {}
      connections = 0
      requests = inFlight
      tokensWritten = 0
      latenessMaxMs = 0
      startedMs = performance.now()
      startedCpu = process.cpuUsage()
    },
  }
}
