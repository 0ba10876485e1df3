import type { RefinedResponse } from 'k6/http'
import { AnswerFault, lostVerdict, tlsFault, verdict } from '../exchange/index.ts'
import type { Verdict } from '../exchange/index.ts'

type Failed = Pick<RefinedResponse<'binary'>, 'error' | 'error_code'> & {
  body: ArrayBuffer | null
  timings: Pick<RefinedResponse<'binary'>['timings'], 'connecting' | 'waiting'>
}

/**
 * What became of a request for which `k6/http` has no answer (status 0), by its error code (k6's
 * lib/netext/httpext/error_codes.go) and its text. Where an answer had begun, k6 gives the bytes of the
 * body that it had read (possibly none) but not the status; otherwise it gives null.
 *
 * @param at when this was known, on the run's clock, and how long a round trip to the server takes, ms
 */
export function faultOf(response: Failed, at: { endMs: number; roundTripMs: number }): AnswerFault {
  const { connecting, waiting } = response.timings
  const found = verdictOf(response)
  // Nothing had to be opened: the connection had already served a request.
  const reused = connecting === 0 && /^(connection_reset|closed_before_answer)$/.test(found.reason)
  const silent = found.outcome === 'connect_error'
  const sentMs = at.endMs - waiting
  return new AnswerFault(
    found,
    reused && silent ? { sentMs, roundTripMs: at.roundTripMs } : undefined,
  )
}

function verdictOf({ error, error_code: code, body }: Failed): Verdict {
  const begun = body !== null
  const message = error || 'no answer'
  const noConnection = (reason: string) => verdict('connect_error', reason, message)
  const tls = begun ? undefined : tlsFault(message)
  if (tls !== undefined) return noConnection(tls)
  if (code >= 1300 && code < 1400) return noConnection('tls_handshake')
  if (code === 1050) return verdict('timeout', 'whole_timeout', message)
  if (code === 1100 || code === 1101) return noConnection('dns')
  if (code === 1211) return verdict('timeout', 'connect_timeout', message)
  if (code === 1212) return noConnection('connect_refused')
  if (code === 1210 || code === 1213 || code === 1110 || code === 1111)
    return noConnection('connect_failed')
  if (code === 1701) return verdict('stream_error', 'content_encoding', message)
  if (/malformed|chunk|invalid|too large|too long/i.test(message))
    return verdict('stream_error', 'bad_http', message)
  // EOF as its own error: the server closed the connection.
  const closed = /EOF|closed|broken/.test(message) && code < 1200
  return lostVerdict(begun, closed ? 'closed' : 'reset', message)
}
