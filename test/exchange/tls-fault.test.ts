import { expect, it } from 'vitest'
import { lostVerdict, tlsFault } from '../../lib/exchange/index.ts'

// As k6 2.2.0 (k6/http, and its sockets) said them of servers with such certificates.
it.each([
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'tls_unknown_authority',
  ],
  ['x509: unknown authority', 'tls_unknown_authority'],
  ['x509: “localhost” certificate is not trusted', 'tls_unknown_authority'],
  ['x509: certificate is valid for other.test, not localhost', 'tls_name_mismatch'],
  ["x509: certificate doesn't match hostname", 'tls_name_mismatch'],
  [
    "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    'tls_name_mismatch',
  ],
  ['x509: certificate is not valid for any names, but wanted to match h', 'tls_name_mismatch'],
  ['x509: certificate has expired or is not yet valid: current time 2026-…', 'tls_expired'],
  ['remote error: tls: certificate required', 'tls_client_certificate'],
  ['remote error: tls: bad certificate', 'tls_client_certificate'],
  ['remote error: tls: unknown certificate authority', 'tls_client_certificate'],
  ['remote error: tls: handshake failure', 'tls_handshake'],
  ['TLS handshake failed: EOF', 'tls_handshake'],
  ['tls: first record does not look like a TLS handshake', 'tls_handshake'],
  ['http: server gave HTTP response to HTTPS client', 'tls_handshake'],
  ['read: connection reset by peer', undefined],
  ['dial: connection refused', undefined],
  ['EOF', undefined],
])('%j is %s', (message, reason) => {
  expect(tlsFault(message)).toBe(reason)
})

it('a certificate that is refused after the handshake is no reset', () => {
  const message = 'remote error: tls: certificate required'
  expect(lostVerdict(false, 'reset', message)).toEqual({
    outcome: 'connect_error',
    reason: 'tls_client_certificate',
    message,
  })
  expect(lostVerdict(true, 'reset', message).reason).toBe('connection_reset')
})
