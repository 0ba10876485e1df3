import { defineTest } from '../lib/k6/index.ts'
import { agent, lengthDefaults } from '../lib/workload/index.ts'

/** Agent sessions: many short steps over a prompt that grows fast and is almost entirely cached. */
const test = defineTest({
  name: 'agent',
  shape: 'steady',
  workload: agent,
  defaults: { ...lengthDefaults('agent'), RATE: '0.1', DURATION: '5m', WARMUP: '1m' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
