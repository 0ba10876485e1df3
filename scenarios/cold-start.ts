import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** The first requests after a start, or after IDLE_DURATION without load, separate from the rest. Sends no request to the model before. */
const test = defineTest({
  name: 'cold-start',
  shape: 'cold-start',
  workload: chat,
  defaults: {
    RATE: '1',
    DURATION: '30s',
    PREFLIGHT: 'off',
    CALIBRATION: 'off',
    EXPECTED_E2E: '60s',
  },
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
