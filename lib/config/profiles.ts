import type { VariableName } from './variables/index.ts'

/**
 * What each profile sets where the user does not; before the scenario's own defaults.
 *
 * 30 minutes: what comes and goes over minutes (caches that fill, clocks and thermal limits of GPUs, batch
 * jobs of neighbours) is in the figures then, and a p99 of a request per second has its interval.
 */
export const PROFILES: Readonly<Record<string, Readonly<Partial<Record<VariableName, string>>>>> = {
  certified: { DURATION: '30m', WARMUP: '2m' },
}

/** Shortest measured load that is called certified, ms. */
export const CERTIFIED_MS = 1_800_000
