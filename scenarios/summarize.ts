import { defineTest } from '../lib/k6/index.ts'
import { summarize, lengthDefaults } from '../lib/workload/index.ts'

/** Summaries of documents: long prompts, answers of a few lines. */
const test = defineTest({
  name: 'summarize',
  shape: 'steady',
  workload: summarize,
  defaults: { ...lengthDefaults('summarize'), RATE: '1' },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
