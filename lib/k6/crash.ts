import { CLOCK } from './transport.ts'

const WARNING =
  'the official k6/x/tcp makes k6 itself crash (exit code 2, no summary) when a server resets a connection: use `k6-inference run`, or K6_SUMMARY_MODE=disabled with `k6-inference report` on the records, or a k6 with the socket module of this project (k6/README.md), which an output by -o other than json asks for anyway'

/** A warning for users of stock k6, where a server that resets a connection crashes k6; undefined elsewhere. */
export function crashWarning(): string | undefined {
  return CLOCK === 'handler' && __ENV['K6_SUMMARY_MODE'] !== 'disabled' ? WARNING : undefined
}
