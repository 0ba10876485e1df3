import type { LoadConfig, ShapeName } from '../config/index.ts'
import { daily } from './daily.ts'
import { buildPlan, flat, levels, warmup } from './plan.ts'
import { coldStart } from './cold-start.ts'
import { concurrencySweep, rateSweep } from './sweeps.ts'
import type { LoadPlan } from './types.ts'

/** Constant load: `warmup`, `steady`. Shows what a server does when nothing changes. */
export function steady(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('steady', load, [
    ...warmup(load, base),
    flat('steady', 'main', load.durationMs, base),
  ])
}

/** Load that rises linearly and stays: `warmup`, `ramp`, `hold`. Shows where latency begins to rise. */
export function ramp(load: LoadConfig): LoadPlan {
  const { base, peak } = levels(load)
  return buildPlan('ramp', load, [
    ...warmup(load, base),
    { name: 'ramp', role: 'main', ms: load.rampMs, from: base, to: peak },
    flat('hold', 'main', load.durationMs, peak),
  ])
}

/** A sudden peak: `warmup`, `baseline`, `spike`, `recovery`. Shows whether and when latency recovers. */
export function spike(load: LoadConfig): LoadPlan {
  const { base, peak } = levels(load)
  return buildPlan('spike', load, [
    ...warmup(load, base),
    flat('baseline', 'baseline', load.durationMs, base),
    flat('spike', 'peak', load.spikeMs, peak),
    flat('recovery', 'recovery', load.recoveryMs, base),
  ])
}

/** Constant load for a long time: `warmup`, `soak`. Shows what drifts, leaks or fills up. */
export function soak(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('soak', load, [
    ...warmup(load, base),
    flat('soak', 'main', load.durationMs, base),
  ])
}

/** As fast as the server can at a fixed concurrency: `warmup`, `batch`. Throughput is what counts. */
export function batch(load: LoadConfig): LoadPlan {
  const closed = { ...load, loop: 'closed' } as const
  return buildPlan('batch', closed, [
    ...warmup(closed, load.concurrency),
    flat('batch', 'main', load.durationMs, load.concurrency),
  ])
}

/** Constant load while endpoints fail and come back: `warmup`, `failover`. */
export function failover(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('failover', load, [
    ...warmup(load, base),
    flat('failover', 'main', load.durationMs, base),
  ])
}

/** Every load shape except the replay of a trace, whose phases come from the trace. */
export const SHAPES: Readonly<Record<Exclude<ShapeName, 'trace'>, (load: LoadConfig) => LoadPlan>> =
  {
    steady,
    ramp,
    spike,
    soak,
    daily,
    'concurrency-sweep': concurrencySweep,
    'rate-sweep': rateSweep,
    'cold-start': coldStart,
    batch,
    failover,
  }
