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
const SPACE = 32
const TAB = 9
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/**
 * Reads heads. Those of one server differ in few lines, so what the lines of the last head said is kept:
 * a head of 6 lines takes 60 us in k6's engine, one like the last 15.
 *
 * @returns reads a head without its closing blank line; its lines end with CRLF or LF
 */
export function createHeadParser(): (block: string) => ResponseHead {
  const knownLines: string[] = []
  const known: Field[] = []
  let knownStatus!: Omit<ResponseHead, 'headers'>

  return (block) => {
    const lines = linesOf(block)
    if (lines[0] !== knownLines[0]) {
      knownStatus = parseStatus(lines[0] ?? '')
      knownLines[0] = lines[0]!
    }
    const headers = noHeaders()
    for (let i = 1; i < lines.length; i++) {
      const line = lines[i]!
      if (line !== knownLines[i]) {
        known[i] = parseField(line, known[i])
        knownLines[i] = line
      }
      put(headers, known[i]!)
    }
    const { status, reason, version } = knownStatus
    return { status, reason, version, headers }
  }
}

function parseStatus(line: string): Omit<ResponseHead, 'headers'> {
  const parts = statusLine.exec(line)
  if (parts === null) throw new HttpError('status_line', `no HTTP/1.1 status line: ${show(line)}`)
  return {
    version: parts[1] === '0' ? '1.0' : '1.1',
    status: Number(parts[2]),
    reason: parts[3] ?? '',
  }
}

/**
 * Splitting by a regular expression costs 37 us per head in k6's engine, this 5. The lines are parts of a copy:
 * a part of a string keeps the whole of it in memory, here all that came with the head.
 */
function linesOf(block: string): string[] {
  const copy = `${block}\r\n`
  const ended = copy.split('\n')
  const lines = copy.split('\r\n')
  lines.pop()
  if (lines.length === ended.length - 1) return lines
  ended.pop()
  return ended.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}

/** @param block trailers without their closing blank line; lines end with CRLF or LF */
export function parseTrailers(block: string): Record<string, string> {
  const headers = noHeaders()
  for (const line of linesOf(block)) put(headers, parseField(line))
  return headers
}

interface Field {
  /** As it was written. */
  written: string
  name: string
  value: string
}

/**
 * Folded lines are refused, as RFC 9112, 5.2 allows.
 *
 * @param like a field that may have the same name: then that is known to be good
 */
function parseField(line: string, like?: Field): Field {
  if (line.startsWith(' ') || line.startsWith('\t')) {
    throw new HttpError('header', `folded header line: ${show(line)}`)
  }
  // Split by hand: one regular expression per line costs 15 us in k6's engine.
  const colon = line.indexOf(':')
  const written = line.slice(0, Math.max(0, colon))
  const known = written === like?.written
  if (!(known || fieldName.test(written)) || line.includes('\0') || line.includes('\r')) {
    throw new HttpError('header', `malformed header line: ${show(line)}`)
  }
  return {
    written,
    name: known ? like.name : written.toLowerCase(),
    value: trimmed(line, colon + 1),
  }
}

/** Not trim(), which would also remove a byte 0xa0, the end of many UTF-8 characters. */
function trimmed(line: string, from: number): string {
  let to = line.length
  while (from < to && isBlank(line, from)) from++
  while (from < to && isBlank(line, to - 1)) to--
  return line.slice(from, to)
}

function isBlank(line: string, at: number): boolean {
  const code = line.charCodeAt(at)
  return code === SPACE || code === TAB
}

function noHeaders(): Record<string, string> {
  return Object.create(null)
}

function put(headers: Record<string, string>, { name, value }: Field): void {
  const before = headers[name]
  headers[name] = before === undefined ? value : `${before}, ${value}`
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
  const length = wholeNumber.test(given) ? Number(given) : repeatedLength(given)
  return length === 0 ? { framing: 'none', length } : { framing: 'length', length }
}

const wholeNumber = /^\d{1,15}$/

/** Several equal lengths are one (RFC 9112, 6.3). */
function repeatedLength(given: string): number {
  const values = given.split(',').map((value) => value.trim())
  const length = Number(values[0])
  if (values.every((value) => wholeNumber.test(value) && Number(value) === length)) return length
  throw new HttpError('content_length', `content-length ${show(given)} is no single number`)
}

/** @throws HttpError `content_encoding` when a body is compressed though identity was asked for */
export function refuseCoding({ headers }: ResponseHead): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding.toLowerCase() === 'identity') return
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
  const connection = head.headers['connection']
  if (connection === undefined) return head.version === '1.1'
  if (connection === 'keep-alive') return true
  const options = connection.toLowerCase().split(/[ \t]*,[ \t]*/)
  if (options.includes('close')) return false
  return head.version === '1.1' || options.includes('keep-alive')
}

/** Refuses what cannot begin an answer's status line, before all of it is there. */
export function refuseForeign(text: string, from: number): void {
  if ('HTTP/1.'.startsWith(text.slice(from, from + 7))) return
  const what = show(text.slice(from, from + 80))
  throw new HttpError('status_line', `no HTTP/1.1 status line: ${what}`)
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
