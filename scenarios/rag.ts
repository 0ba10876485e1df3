import { defineTest } from '../lib/k6/index.ts'
import { rag, lengthDefaults } from '../lib/workload/index.ts'

/** Questions about retrieved documents: long prompts, short answers. Prefill dominates. */
const test = defineTest({
  name: 'rag',
  shape: 'steady',
  workload: rag,
  defaults: { ...lengthDefaults('rag'), RATE: '1' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
