import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Constant load for a long time: what drifts, leaks or fills up? Compares the first part with the last. */
const test = defineTest({
  name: 'chat-soak',
  shape: 'soak',
  workload: chat,
  defaults: { DURATION: '30m', WARMUP: '1m' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
