import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Rising concurrency in one run: throughput against latency, and the knee between them. */
const test = defineTest({
  name: 'concurrency-sweep',
  shape: 'concurrency-sweep',
  workload: chat,
})

export const { options, setup, run, monitor, teardown, handleSummary } = test
