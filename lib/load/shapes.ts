import type { LoadConfig, ShapeName } from '../config/index.ts'
import { daily } from './daily.ts'
import { buildPlan, flat, levels } from './plan.ts'
import { coldStart } from './cold-start.ts'
import { concurrencySweep, rateSweep } from './sweeps.ts'
import type { LoadPlan } from './types.ts'

/** Constant load: `warmup`, `steady`. What a server does when nothing changes. */
export function steady(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('steady', load, [
    flat('warmup', load.warmupMs, base, false),
    flat('steady', load.durationMs, base),
  ])
}

/** Load that rises linearly and stays: `warmup`, `ramp`, `hold`. Where latency begins to bend. */
export function ramp(load: LoadConfig): LoadPlan {
  const { base, peak } = levels(load)
  return buildPlan('ramp', load, [
    flat('warmup', load.warmupMs, base, false),
    { name: 'ramp', ms: load.rampMs, measured: true, from: base, to: peak },
    flat('hold', load.durationMs, peak),
  ])
}

/** A sudden peak: `warmup`, `baseline`, `spike`, `recovery`. Whether and when latency comes back. */
export function spike(load: LoadConfig): LoadPlan {
  const { base, peak } = levels(load)
  return buildPlan('spike', load, [
    flat('warmup', load.warmupMs, base, false),
    flat('baseline', load.durationMs, base),
    flat('spike', load.spikeMs, peak),
    flat('recovery', load.recoveryMs, base),
  ])
}

/** Constant load for long: `warmup`, `soak`. What drifts, leaks or fills up. */
export function soak(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('soak', load, [
    flat('warmup', load.warmupMs, base, false),
    flat('soak', load.durationMs, base),
  ])
}

/** As fast as the server can, so many requests in flight: `warmup`, `batch`. Throughput counts. */
export function batch(load: LoadConfig): LoadPlan {
  return buildPlan('batch', { ...load, loop: 'closed' }, [
    flat('warmup', load.warmupMs, load.concurrency, false),
    flat('batch', load.durationMs, load.concurrency),
  ])
}

/** Constant load while endpoints die and come back: `warmup`, `failover`. */
export function failover(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  return buildPlan('failover', load, [
    flat('warmup', load.warmupMs, base, false),
    flat('failover', load.durationMs, base),
  ])
}

/** Every load shape but the replay of a trace, whose phases come from the trace. */
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
