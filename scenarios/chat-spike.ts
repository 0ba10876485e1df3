import { defineTest } from '../lib/k6/index.ts'
import { chat } from '../lib/workload/index.ts'

/** A sudden peak on a chat server: does latency hold, what fails, and how long is the recovery? */
const test = defineTest({ name: 'chat-spike', shape: 'spike', workload: chat })

export const { options, setup, run, monitor, teardown, handleSummary } = test
