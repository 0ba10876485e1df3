import type { ServerResponse } from 'node:http'
import { ApiError } from './api-error.ts'
import type { FaultSet } from './faults.ts'
import type { GenerationContext, Incoming, Running } from './generation.ts'
import { blankRecord } from './records.ts'
import type { SimRecord } from './records.ts'

const retryAfter = (seconds: number): Record<string, string> =>
  seconds > 0 ? { 'retry-after': String(seconds) } : {}

/**
 * Faults in whose place no answer is made at all.
 *
 * @returns whether the response has been dealt with (or left open for ever)
 * @throws ApiError for those that are an HTTP status
 */
export const answerHardFault = (faults: FaultSet, res: ServerResponse): boolean => {
  if (faults['429'])
    throw new ApiError(429, 'Rate limit reached (simulated).', {
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      headers: retryAfter(faults['429'].value),
    })
  if (faults['500']) throw new ApiError(500, 'Internal server error (simulated).')
  if (faults['503'])
    throw new ApiError(503, 'The model is overloaded (simulated).', {
      type: 'service_unavailable',
      headers: retryAfter(faults['503'].value),
    })
  if (faults.garbage) {
    res.socket?.end('SSH-2.0-OpenSSH_9.6\r\nthis is no HTTP\r\n')
    return true
  }
  if (faults.html) {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    res.end('<!doctype html><title>Sign in</title><h1>Please sign in</h1>')
    return true
  }
  return faults['no-answer'] !== undefined
}

/** Records a request that {@link answerHardFault} dealt with, once its answer or client is gone. */
export const waitForClose = (
  context: GenerationContext,
  incoming: Omit<Incoming, 'plan'> & { model: string },
): Running => {
  const { req, res } = incoming
  let over = false
  const end = (outcome: SimRecord['outcome']): void => {
    if (over) return
    over = true
    req.socket.removeListener('close', onClose)
    const given = {
      ...incoming,
      stream: true,
      fault: incoming.faultText,
      receivedMs: context.epochMs(incoming.receivedMs),
      arrivalMs: context.epochMs(incoming.arrivalMs),
    }
    const endMs = context.epochMs(context.driver.nowMs())
    context.onRecord(blankRecord(given, { httpStatus: res.statusCode, endMs, outcome }))
  }
  const onClose = (): void => end(incoming.faults['no-answer'] ? 'client_disconnected' : 'faulted')
  req.socket.on('close', onClose)
  res.on('finish', () => end('faulted'))
  return { abort: end }
}
