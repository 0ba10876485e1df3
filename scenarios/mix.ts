import { defineTest } from '../lib/k6/index.ts'
import { mixOfText } from '../lib/workload/index.ts'

/** Several applications on one server, with weights (MIX); the tag `app` tells them apart. */
const test = defineTest({
  name: 'mix',
  shape: 'steady',
  workload: (config) => mixOfText(config, config.values.MIX),
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
