const IMPORTS = `import http from 'k6/http'; import { Counter } from 'k6/metrics'`

/**
 * A k6 script of two closed loops side by side, which a busy machine slows down alike: the embeddings
 * scenario, and the least that a user would write with `k6/http`. CONCURRENCY VUs each, for DURATION;
 * the bare loop's answers are the counter `bare_requests`.
 *
 * @param bundle absolute path of the scenario `embeddings`, bundled
 */
export function bareLoopBeside(bundle: string): string {
  return `${IMPORTS}
import * as ours from ${JSON.stringify(bundle)}

const { BASE_URL, CONCURRENCY, DURATION } = __ENV
const answers = new Counter('bare_requests')

export const options = {
  ...ours.options,
  scenarios: {
    ...ours.options.scenarios,
    bare: {
      executor: 'constant-vus',
      vus: Number(CONCURRENCY),
      duration: DURATION,
      gracefulStop: '0s',
      exec: 'bare',
    },
  },
}
export const { setup, run, monitor, teardown, handleSummary } = ours

const body = JSON.stringify({ model: 'sim-model', input: 'one more text to embed '.repeat(8) })
const params = { headers: { 'content-type': 'application/json' } }

export function bare() {
  if (http.post(BASE_URL + '/embeddings', body, params).status === 200) answers.add(1)
}
`
}
