import { sleep } from 'k6'
import { targetAt } from '../load/index.ts'
import { sloThresholds, windowAt, zeroSamples } from '../metrics/index.ts'
import { createClock } from './clock.ts'
import type { AddSample } from './metrics.ts'
import { createPlace } from './place.ts'
import type { PreparedTest } from './types.ts'

const PERIOD_S = 1

/** One VU beside the load that reports what was planned, as gauges: target, phase and limits. */
export function createMonitor({ plan, config }: PreparedTest, add: AddSample): () => void {
  const now = createClock()
  const place = createPlace(plan, now)
  let opened = false

  return function monitor() {
    const { windows, originMs } = place()
    if (!opened) {
      opened = true
      for (const { metric, value, tags } of zeroSamples(plan.phases)) add(metric, value, tags)
    }
    const target = plan.loop === 'open' ? 'llm_target_rate' : 'llm_target_concurrency'
    add(target, targetAt(plan, now() - originMs), {})
    const phase = windowAt(windows, now())?.phase
    add('llm_phase', plan.phases.findIndex(({ name }) => name === phase) + 1, {})
    add('llm_load_time', (now() - originMs) / 1000, {})
    for (const { id, limit } of sloThresholds(config.slo)) add('llm_slo', limit, { slo: id })
    sleep(PERIOD_S)
  }
}
