import { defineTest } from '../lib/k6/index.ts'
import { offline, lengthDefaults } from '../lib/workload/index.ts'

/** Documents processed as fast as the server can: throughput is the result. */
const test = defineTest({
  name: 'offline-batch',
  shape: 'batch',
  workload: offline,
  defaults: {
    ...lengthDefaults('offline'),
    CONCURRENCY: '64',
    DURATION: '2m',
    WARMUP: '30s',
    EXPECTED_E2E: '30s',
  },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
