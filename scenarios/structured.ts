import { defineTest } from '../lib/k6/index.ts'
import { structured, lengthDefaults } from '../lib/workload/index.ts'

/** Answers that follow a JSON schema: what does guided decoding cost? */
const test = defineTest({
  name: 'structured',
  shape: 'steady',
  workload: structured,
  defaults: { ...lengthDefaults('structured') },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
