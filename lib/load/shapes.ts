import type { LoadConfig } from '../config/index.ts'
import { buildPlan, flat, levels } from './plan.ts'
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
