import { expect, it } from 'vitest'
import { reachAdvice } from '../../lib/preflight/reach.ts'
import { reasons } from '../../lib/exchange/index.ts'

it('TLS trouble is not taken for a server that is down', () => {
  const advice = reasons.connect_error.map((reason) => [reason, reachAdvice(reason)] as const)
  for (const [reason, words] of advice) {
    expect(/server running/.test(words), reason).toBe(!reason.startsWith('tls_'))
  }
  expect(reachAdvice('tls_unknown_authority')).toMatch(/SSL_CERT_FILE.*K6_INSECURE_SKIP_TLS_VERIFY/)
  expect(reachAdvice('tls_client_certificate')).toMatch(/TLS_CERT and TLS_KEY/)
})
