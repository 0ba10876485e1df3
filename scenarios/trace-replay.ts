import { defineTest } from '../lib/k6/index.ts'
import { replay } from '../lib/workload/index.ts'

/** A recorded trace (TRACE) again: every request at its time, with its lengths and shared beginnings. */
const test = defineTest({
  name: 'trace-replay',
  shape: 'trace',
  workload: (config, { trace }) => replay(config, trace),
  defaults: { WARMUP: '0s' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
