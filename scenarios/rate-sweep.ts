import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Rising arrival rate in one run: up to which rate are the limits kept? */
const test = defineTest({
  name: 'rate-sweep',
  shape: 'rate-sweep',
  workload: chat,
  defaults: { ARRIVALS: 'poisson' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
