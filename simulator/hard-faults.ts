import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ApiError } from './api-error.ts'
import type { Json } from './body.ts'
import type { FaultSet } from './fault-set.ts'
import { recordOf } from './incoming.ts'
import type { Incoming, Running, ServingContext } from './incoming.ts'
import type { SimRecord } from './records.ts'

/** Requests that came by each connection. */
const requestsOn = new WeakMap<Socket, number>()

/**
 * Faults in whose place no answer is made at all.
 *
 * @returns whether the response has been dealt with (or left open for ever)
 * @throws ApiError for those that are an HTTP status
 */
export function answerHardFault({ faults, req, res }: Incoming, body: Json): boolean {
  const { socket } = req
  const number = (requestsOn.get(socket) ?? 0) + 1
  requestsOn.set(socket, number)
  throwStatus(faults, body, req.headers.authorization ?? req.headers['x-api-key']?.toString())
  const reset = faults['reset-early'] ?? (number % 2 === 0 ? faults['reset-reused'] : undefined)
  if (reset) {
    setTimeout(() => socket.resetAndDestroy(), reset.value)
    return true
  }
  if (faults.garbage) {
    socket.end('SSH-2.0-OpenSSH_9.6\r\nthis is no HTTP\r\n')
    return true
  }
  if (faults.html) {
    page(res, 'text/html; charset=utf-8', htmlPage)
    return true
  }
  if (faults['error-bare']) {
    page(res, 'text/event-stream; charset=utf-8', bareError)
    return true
  }
  return faults['no-answer'] !== undefined
}

const htmlPage = '<!doctype html><title>Sign in</title><h1>Please sign in</h1>'
const bareError = '{"error":"Input validation error: top_p must be > 0","error_type":"validation"}'

function page(res: ServerResponse, type: string, body: string): void {
  res.writeHead(200, { 'content-type': type })
  res.end(body)
}

function throwStatus(faults: FaultSet, body: Json, key = ''): void {
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
  if (faults['echo-key'])
    throw new ApiError(401, `Incorrect API key provided: ${key}`, { headers: { 'x-key': key } })
  if (faults['max-completion-only'] && body['max_tokens'] !== undefined)
    throw new ApiError(
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      { param: 'max_tokens', code: 'unsupported_parameter' },
    )
}

function retryAfter(seconds: number): Record<string, string> {
  return seconds > 0 ? { 'retry-after': String(seconds) } : {}
}

/** Records a request that {@link answerHardFault} dealt with, once its answer or client is gone. */
export function waitForClose(context: ServingContext, incoming: Incoming): Running {
  const { req, res } = incoming
  let over = false
  function end(outcome: SimRecord['outcome']): void {
    if (over) return
    over = true
    req.socket.removeListener('close', onClose)
    context.onRecord(recordOf(context, incoming, true, { httpStatus: res.statusCode, outcome }))
  }
  function onClose(): void {
    end(incoming.faults['no-answer'] ? 'client_disconnected' : 'faulted')
  }
  req.socket.on('close', onClose)
  res.on('finish', () => end('faulted'))
  return { abort: end }
}

const unasked = '{"object":"error","message":"an answer that nobody asked for"}'

/** What the connection does after an answer that was whole. */
export function afterAnswer({ faults, req, res }: Incoming): void {
  const { socket } = req
  if (faults['unasked-answer'])
    res.once('finish', () =>
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${unasked.length}\r\n\r\n${unasked}`,
      ),
    )
  if (faults['close-unsaid']) res.once('finish', () => socket.destroySoon())
}
