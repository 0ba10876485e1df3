import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Several endpoints (BASE_URLS) under constant load: what happens when one fails and comes back? */
const test = defineTest({
  name: 'failover',
  shape: 'failover',
  workload: chat,
  defaults: { DURATION: '3m', RATE: '4' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
