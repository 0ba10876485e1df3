import { chunkSize, maxChunkLine, sizes } from './chunk-size.ts'
import { HttpError, mustFit } from './errors.ts'
import {
  afterBlankLine,
  blankLine,
  bodyFraming,
  createHeadParser,
  keepsAlive,
  parseTrailers,
  refuseCoding,
  refuseForeign,
  show,
} from './head.ts'
import type { ResponseDecoder, ResponseLimits, ResponseSink } from './types.ts'

export const defaultLimits: ResponseLimits = { maxHeadBytes: 65_536, maxBodyBytes: 2 ** 30 }

/** A stream whose chunks do not repeat is no longer asked about after so many attempts. */
const mostMisses = 8

type State = 'head' | 'length' | 'size' | 'data' | 'dataEnd' | 'trailers' | 'close' | 'over'

/**
 * Decodes one HTTP/1.1 answer (RFC 9112) from byte strings. Body bytes are passed on as ranges of
 * the delivered text, never copied; only an unfinished head, chunk size or trailer is kept.
 */
export function createResponseDecoder(
  sink: ResponseSink,
  limits: ResponseLimits = defaultLimits,
): ResponseDecoder {
  const { maxBodyBytes } = limits
  const parseHead = createHeadParser()
  let state!: State
  let pending!: string
  /** How much of `pending` is known not to contain the end of the head or the trailers. */
  let searched!: number
  let left!: number
  /** Of the heads with a status of 1xx, which would never end otherwise. */
  let interimBytes!: number
  let bodyBytes!: number
  let keepAlive!: boolean
  /** The current delivery: its reads, how far `pending` shifted it, and the current read. */
  let stamps: readonly number[] = []
  let stampsLength = 0
  let shift = 0
  let pair = 0
  let readMs = Number.NaN
  let nextRead = Infinity
  /** Length of the last key: tried first for the next chunk. */
  let joint!: number
  /** What the sink said of the last body bytes: that more like them may follow. */
  let repeating!: boolean
  /** How often in a row nothing could be skipped. */
  let misses!: number
  reset()

  function reset(): void {
    state = 'head'
    pending = ''
    searched = left = interimBytes = bodyBytes = joint = misses = 0
    keepAlive = repeating = false
  }

  function timeAt(offset: number): number {
    if (offset >= nextRead) advanceTo(offset)
    return readMs
  }

  /** Mostly by one read; behind chunks that were skipped by so many that they are halved, not passed through. */
  function advanceTo(offset: number): void {
    advance()
    if (offset < nextRead) return
    let low = pair >> 1
    let high = stampsLength >> 1
    while (high - low > 1) {
      const mid = (low + high) >> 1
      if (stamps[mid * 2]! + shift <= offset) low = mid
      else high = mid
    }
    pair = low * 2 - 2
    advance()
  }

  function advance(): void {
    pair += 2
    readMs = stamps[pair + 1] ?? Number.NaN
    nextRead = pair + 2 < stampsLength ? stamps[pair + 2]! + shift : Infinity
  }

  function body(text: string, from: number, to: number): void {
    bodyBytes += to - from
    mustFit('body_too_large', 'body is', bodyBytes, maxBodyBytes)
    if (from >= nextRead) advanceTo(from)
    while (to > nextRead) {
      const cut = nextRead
      repeating = sink.onBody(text, from, cut, readMs)
      from = cut
      if (from >= nextRead) advanceTo(from)
    }
    repeating = sink.onBody(text, from, to, readMs)
  }

  /** @returns offset of the chunk after those that were skipped, 0 when there were none */
  function skip(from: number): number {
    if (misses >= mostMisses) return 0
    const skipped = sink.skip!(from - shift)
    misses = skipped === undefined ? misses + 1 : 0
    if (skipped === undefined) return 0
    bodyBytes += skipped.bodyBytes
    return skipped.end + shift
  }

  function end(atMs: number, extraBytes: boolean): void {
    state = 'over'
    // With bytes after its end, the next answer could not be told from them.
    sink.onEnd(atMs, keepAlive && !extraBytes)
  }

  /** @returns offset of the first byte after the head, or -1 when it is not whole yet */
  function head(text: string, from: number): number {
    refuseForeign(text, from)
    const close = blankLine(text, Math.max(from, from + searched - 3))
    const length = (close < 0 ? text.length : close) - from
    mustFit('header_too_large', 'head is', length, limits.maxHeadBytes)
    if (close < 0) return -1
    const parsed = parseHead(text.slice(from, close))
    const next = afterBlankLine(text, close)
    if (parsed.status === 101) {
      throw new HttpError('status_line', 'status 101: the server switched to another protocol')
    }
    if (parsed.status < 200) {
      interimBytes += next - from
      const what = 'answers with a status of 1xx are together'
      mustFit('header_too_large', what, interimBytes, limits.maxHeadBytes)
      return next
    }
    const { framing, length: bodyLength } = bodyFraming(parsed)
    keepAlive = keepsAlive(parsed, framing)
    const at = timeAt(next - 1)
    sink.onHead(parsed, at)
    if (framing !== 'none') refuseCoding(parsed)
    left = bodyLength
    if (framing === 'none') end(at, next < text.length)
    else state = framing === 'chunked' ? 'size' : framing
    return next
  }

  /** @returns how far `text` was used; the rest is kept for the next delivery */
  function run(text: string): number {
    let pos = 0
    // The engine creates an object to read a string's length: as expensive as a search in it.
    const { length } = text
    run: while (pos < length) {
      if (state === 'size') {
        if (repeating && pos >= shift && sink.skip !== undefined) {
          pos = skip(pos) || pos
          if (pos >= length) break
        }
        const eol = text.indexOf('\r\n', pos)
        if (eol < 0 || eol - pos > maxChunkLine) {
          if (eol >= 0 || length - pos > maxChunkLine) {
            throw new HttpError('chunk', `chunk size line is longer than ${maxChunkLine} bytes`)
          }
          return pos
        }
        left = chunkSize(text.slice(pos, eol))
        joint = eol - pos + 4
        pos = eol + 2
        let to = pos + left
        // Whole chunks followed by a known size, as almost all are: two native calls per chunk.
        while (left > 0 && to + joint <= length) {
          const next = sizes[text.slice(to, to + joint)]
          if (next === undefined) break
          if (pos >= nextRead) advance()
          if (pos >= nextRead || to > nextRead) body(text, pos, to)
          else {
            // `body` without the call: limits can wait for the next chunk, as this text is in memory anyway.
            bodyBytes += left
            repeating = sink.onBody(text, pos, to, readMs)
            if (repeating && sink.skip !== undefined) {
              const end = skip(to + 2)
              if (end > 0) {
                pos = end
                continue run
              }
            }
          }
          pos = to + joint
          left = next
          to = pos + left
        }
        if (left > 0 && text.startsWith('\r\n', to)) {
          body(text, pos, to)
          pos = to + 2
        } else state = left === 0 ? 'trailers' : 'data'
      } else if (state === 'data') {
        const to = pos + left
        if (to > length) {
          left = to - length
          body(text, pos, length)
          return length
        }
        left = 0
        body(text, pos, to)
        if (text.startsWith('\r\n', to)) {
          pos = to + 2
          state = 'size'
        } else {
          pos = to
          state = 'dataEnd'
        }
      } else if (state === 'dataEnd') {
        if (length - pos < 2 && text.charAt(pos) === '\r') return pos
        if (!text.startsWith('\r\n', pos)) {
          const what = show(text.slice(pos, pos + 2))
          throw new HttpError('chunk', `chunk is not ended by CRLF but by ${what}`)
        }
        pos += 2
        state = 'size'
      } else if (state === 'trailers') {
        const used = trailers(text, pos)
        if (used < 0) return pos
        pos = used
      } else if (state === 'length') {
        const to = Math.min(pos + left, length)
        left -= to - pos
        body(text, pos, to)
        pos = to
        if (left === 0) end(timeAt(to - 1), to < length)
      } else if (state === 'close') {
        body(text, pos, length)
        return length
      } else if (state === 'head') {
        const next = head(text, pos)
        if (next < 0) {
          searched = length - pos
          return pos
        }
        searched = 0
        pos = next
      } else {
        return length
      }
    }
    return pos
  }

  function trailers(text: string, pos: number): number {
    let close = pos
    let next = pos + 2
    if (!text.startsWith('\r\n', pos)) {
      close = blankLine(text, Math.max(pos, pos + searched - 3))
      const length = (close < 0 ? text.length : close) - pos
      mustFit('header_too_large', 'trailers are', length, limits.maxHeadBytes)
      if (close < 0) {
        searched = text.length - pos
        return -1
      }
      parseTrailers(text.slice(pos, close))
      next = afterBlankLine(text, close)
    }
    end(timeAt(next - 1), next < text.length)
    return next
  }

  function fail(error: unknown): void {
    if (!(error instanceof HttpError)) throw error
    state = 'over'
    pending = ''
    sink.onError(error)
  }

  return {
    reset,
    feed(text, given) {
      if (state === 'over' || text.length === 0) return
      stamps = given
      stampsLength = given.length
      shift = pending.length
      pair = -2
      advance()
      const whole = shift === 0 ? text : pending + text
      try {
        const used = run(whole)
        pending = used < whole.length ? whole.slice(used) : ''
      } catch (error) {
        fail(error)
      }
    },
    eof(atMs) {
      if (state === 'over') return
      if (state === 'close') return end(atMs, false)
      const early = pending === '' ? 'before the answer' : 'inside the head'
      const where = state === 'head' ? early : `inside the body, after ${bodyBytes} bytes`
      fail(new HttpError('cut', `connection closed ${where}`))
    },
  }
}
