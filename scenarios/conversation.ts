import { defineTest } from '../lib/k6/index.ts'
import { conversations } from '../lib/workload/index.ts'

/** Chats of several turns on one connection: the history grows by the real answers, and users pause. */
const test = defineTest({
  name: 'conversation',
  shape: 'steady',
  workload: conversations,
  defaults: { RATE: '0.2', DURATION: '5m', WARMUP: '1m' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
