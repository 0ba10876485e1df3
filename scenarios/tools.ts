import { defineTest } from '../lib/k6/index.ts'
import { tools, lengthDefaults } from '../lib/workload/index.ts'

/** One turn with tools to call: short answers that the server must parse. */
const test = defineTest({
  name: 'tools',
  shape: 'steady',
  workload: tools,
  defaults: { ...lengthDefaults('tools') },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
