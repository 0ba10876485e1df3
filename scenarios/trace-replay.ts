import { defineTest } from '../lib/k6/index.ts'
import { replay } from '../lib/workload/index.ts'

/** Replays a recorded trace (TRACE): every request at its time, with its lengths and shared prefixes. */
const test = defineTest({
  name: 'trace-replay',
  shape: 'trace',
  workload: (config, { trace }) => replay(config, trace),
  defaults: { WARMUP: '0s' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
