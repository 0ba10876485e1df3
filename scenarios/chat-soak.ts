import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Constant load for long: what drifts, leaks or fills up? First part against last. */
const test = defineTest({
  name: 'chat-soak',
  shape: 'soak',
  workload: chat,
  defaults: { DURATION: '30m', WARMUP: '1m' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
