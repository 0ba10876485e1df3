import { defineTest } from '../lib/k6/index.ts'
import { reasoning, lengthDefaults } from '../lib/workload/index.ts'

/** Reasoning models: short questions, answers of thousands of tokens. Decode and KV cache dominate. */
const test = defineTest({
  name: 'reasoning',
  shape: 'steady',
  workload: reasoning,
  defaults: {
    ...lengthDefaults('reasoning'),
    RATE: '0.2',
    DURATION: '5m',
    WARMUP: '1m',
    EXPECTED_E2E: '60s',
    TIMEOUT_TOTAL: '15m',
  },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
