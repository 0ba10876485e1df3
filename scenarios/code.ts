import { defineTest } from '../lib/k6/index.ts'
import { codeCompletion, lengthDefaults } from '../lib/workload/index.ts'

/** Code completion while typing: bursts of requests with very short answers; TTFT is what matters. */
const test = defineTest({
  name: 'code',
  shape: 'steady',
  workload: codeCompletion,
  defaults: { ...lengthDefaults('code'), ARRIVALS: 'gamma', BURSTINESS: '0.25', RATE: '4' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
