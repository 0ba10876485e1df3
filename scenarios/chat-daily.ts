import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** A day compressed into minutes: load from night to noon and back, with arrivals as from independent users. */
const test = defineTest({
  name: 'chat-daily',
  shape: 'daily',
  workload: chat,
  defaults: { RATE: '0.5', PEAK_RATE: '20x', ARRIVALS: 'poisson' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
