import { defineTest } from '../lib/k6/index.ts'
import { embeddings, lengthDefaults } from '../lib/workload/index.ts'

/** Texts to embed, BATCH_SIZE per request: without streaming, so it gives E2E latency and input tokens. */
const test = defineTest({
  name: 'embeddings',
  shape: 'steady',
  workload: embeddings,
  defaults: {
    ...lengthDefaults('embeddings'),
    API: 'embeddings',
    RATE: '10',
    BATCH_SIZE: '8',
    EXPECTED_E2E: '2s',
  },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
