import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Load that rises and then stays, on a chat server: where does latency begin to bend? */
const test = defineTest({ name: 'chat-ramp', shape: 'ramp', workload: chat })

export const { options, setup, run, monitor, teardown, handleSummary } = test
