import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** Load that rises and then holds, on a chat server: at what load does latency begin to rise? */
const test = defineTest({ name: 'chat-ramp', shape: 'ramp', workload: chat })

export const { options, setup, run, monitor, teardown, handleSummary } = test
