import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Constant load on a chat server: its latencies and throughput under a steady load. */
const test = defineTest({ name: 'chat-steady', shape: 'steady', workload: chat })

export const { options, setup, run, monitor, teardown, handleSummary } = test
