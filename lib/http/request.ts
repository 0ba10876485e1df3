import { utf8Length } from './bytes.ts'

export interface RequestHead {
  method: 'GET' | 'POST'
  /** Path with query, e.g. `/v1/chat/completions`. */
  path: string
  /** `host` or `host:port`. */
  host: string
  headers: Readonly<Record<string, string>>
}

const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// A line break in a value would let an environment variable add headers.
// oxlint-disable-next-line no-control-regex
const badInValue = /[\x00-\x08\x0a-\x1f\x7f]/

/**
 * Writes the head of an HTTP/1.1 request (RFC 9112) without the length of its body, so that all requests
 * of a session can share it. `accept-encoding: identity`, because a compressed stream is flushed whenever
 * the compressor likes. Given headers override the ones set here, except for length and framing.
 *
 * @returns request line and fields; `withBody` completes it
 * @throws Error when a header or the path cannot be written; its message never contains the value
 */
export function encodeHead(request: RequestHead): string {
  const fields: Record<string, string> = {
    host: request.host,
    'user-agent': 'k6-inference',
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'keep-alive',
  }
  for (const name of Object.keys(request.headers)) {
    const value = request.headers[name] ?? ''
    if (!fieldName.test(name)) throw new Error(`header name ${JSON.stringify(name)} is no token`)
    if (badInValue.test(value))
      throw new Error(`header ${name}: its value holds a control character`)
    fields[name.toLowerCase()] = value.trim()
  }
  delete fields['transfer-encoding']
  delete fields['content-length']
  if (!/^\/[\x21-\x7e]*$/.test(request.path)) {
    throw new Error(
      `request path ${JSON.stringify(request.path)}: has to begin with "/" and to be percent-encoded`,
    )
  }
  const lines = Object.keys(fields).map((name) => `${name}: ${fields[name]}\r\n`)
  return `${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}`
}

/**
 * @param head result of `encodeHead`
 * @returns the whole request as one payload, so that head and body leave in one write
 */
export function withBody(head: string, body: string): string {
  return `${head}content-length: ${utf8Length(body)}\r\n\r\n${body}`
}

/** @returns the whole request from a head, for a method without a body */
export function withoutBody(head: string): string {
  return `${head}\r\n`
}
