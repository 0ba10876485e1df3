import { describe, expect, test } from 'vitest'
import { faultOf } from '../../lib/k6/buffered-fault.ts'

const none = null
const some = new ArrayBuffer(5)
const at = { endMs: 100, roundTripMs: 5 }
const empty = new ArrayBuffer(0)
const fault = (error_code: number, error: string, body: ArrayBuffer | null, timings = {}) =>
  faultOf({ error, error_code, body, timings: { connecting: 1, waiting: 2, ...timings } }, at)

describe('what k6/http says of a request without an answer', () => {
  // Codes and words as k6 2.2.0 gave them against a server of raw bytes.
  test.each([
    [1000, 'EOF', none, 'connect_error', 'closed_before_answer'],
    [1000, 'http: server closed idle connection', none, 'connect_error', 'closed_before_answer'],
    [1220, 'read: connection reset by peer', none, 'connect_error', 'connection_reset'],
    [1201, 'write: broken pipe', none, 'connect_error', 'connection_reset'],
    [1000, 'unexpected EOF', some, 'truncated', 'body_cut'],
    [1000, 'unexpected EOF', empty, 'truncated', 'body_cut'],
    [1220, 'read: connection reset by peer', some, 'truncated', 'connection_reset'],
    [1000, 'invalid byte in chunk length', empty, 'stream_error', 'bad_http'],
    [1000, 'malformed HTTP response "SSH-2.0-x"', none, 'stream_error', 'bad_http'],
    [1000, 'malformed MIME header: missing colon: "x"', none, 'stream_error', 'bad_http'],
    [1701, 'error decompressing response body', none, 'stream_error', 'content_encoding'],
    [1050, 'request timeout', none, 'timeout', 'whole_timeout'],
    [1050, 'request timeout', some, 'timeout', 'whole_timeout'],
    [1211, 'dial: i/o timeout', none, 'timeout', 'connect_timeout'],
    [1212, 'dial: connection refused', none, 'connect_error', 'connect_refused'],
    [1101, 'lookup: no such host', none, 'connect_error', 'dns'],
    [1310, 'x509: unknown authority', none, 'connect_error', 'tls_unknown_authority'],
    [1311, "x509: certificate doesn't match hostname", none, 'connect_error', 'tls_name_mismatch'],
  ])('%i, %s', (code, error, body, outcome, reason) => {
    expect(fault(code, error, body).verdict).toEqual({ outcome, reason, message: error })
  })

  test('a connection that served before and ended without a byte can have crossed the request', () => {
    const reused = { connecting: 0, waiting: 3 }
    const ended = { sentMs: 97, roundTripMs: 5 }
    expect(fault(1000, 'EOF', none, reused).ended).toEqual(ended)
    expect(fault(1220, 'read: connection reset by peer', none, reused).ended).toEqual(ended)
    expect(fault(1000, 'EOF', none).ended).toBeUndefined()
    expect(fault(1000, 'unexpected EOF', some, reused).ended).toBeUndefined()
    expect(fault(1212, 'dial: connection refused', none, reused).ended).toBeUndefined()
    expect(fault(1050, 'request timeout', none, reused).ended).toBeUndefined()
  })
})
