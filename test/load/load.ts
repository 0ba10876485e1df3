import type { LoadConfig } from '../../lib/config/index.ts'

/** A load with values that are easy to reckon with. */
export function load(over: Partial<LoadConfig> = {}): LoadConfig {
  return {
    loop: 'open',
    rate: 10,
    peakRate: 40,
    concurrency: 8,
    peakConcurrency: 32,
    durationMs: 60_000,
    warmupMs: 10_000,
    startSpreadMs: undefined,
    spikeMs: 20_000,
    recoveryMs: 30_000,
    rampMs: 120_000,
    expectedE2eMs: 2000,
    maxVUs: undefined,
    drainMs: 30_000,
    seed: 1,
    arrivals: { kind: 'constant' },
    arrivalsSeed: 1,
    steps: undefined,
    stepMs: 20_000,
    settleMs: 5000,
    cycles: 2,
    cycleMs: 120_000,
    idleMs: 30_000,
    coldRequests: 3,
    ...over,
  }
}
