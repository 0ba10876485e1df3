import { chat, defineTest, type TestDefinition } from './k6-inference.js'

/**
 * A load test of one's own. k6 runs it as it is:
 *
 *   k6 run -e BASE_URL=http://localhost:8000/v1 -e RATE=4 my-test.ts
 */
const definition: TestDefinition = {
  name: 'my-test',
  // How the load changes over time: steady, ramp, spike, soak, daily, rate-sweep, concurrency-sweep, …
  shape: 'steady',
  // Where prompts come from: chat, rag, codeCompletion, reasoning, tools, agent, conversations, …
  workload: chat,
  // Any variable; what -e NAME=value says goes before.
  defaults: {
    RATE: '2',
    DURATION: '30s',
    INPUT_TOKENS: '200',
    OUTPUT_TOKENS: '100',
    SLO_TTFT_P95: '800',
  },
}

const test = defineTest(definition)
export const { options, setup, run, monitor, teardown, handleSummary } = test
