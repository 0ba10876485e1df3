import { createCarry } from './carry.ts'
import { afterBlankLines, defaultMaxFrameBytes } from './frames.ts'
import type { Framer, FrameSink } from './frames.ts'

const LF = 10
const SPACE = 32
const BOM = '\xef\xbb\xbf'

/**
 * Server-sent events (WHATWG HTML, 9.2.6) over byte strings: a few native string calls per event, where
 * eventsource-parser costs 8-16 us in k6's engine; that library is the reference in the tests.
 * An event's data is given as a range of the delivered text wherever it came in one piece.
 *
 * An event's time is the arrival of the read that brought the end of its last `data:` line, not of
 * the blank line after it, which a server may flush later. `id` and `retry` have no meaning here.
 */
export function createSseScanner(sink: FrameSink, maxBytes = defaultMaxFrameBytes): Framer {
  /** Beginning of a line whose end has not arrived. */
  const carry = createCarry()
  let carries!: boolean
  let carryAt!: number
  /** The last line ended with CR at the end of a feed: an LF that follows belongs to it. */
  let skipLf!: boolean
  let started!: boolean
  let over!: boolean
  /** The current event: its data is data.slice(dataFrom, dataTo), with further lines in `more`. */
  let hasData!: boolean
  let data!: string
  let dataFrom!: number
  let dataTo!: number
  let dataAt!: number
  const more = createCarry()
  let event!: string
  reset()

  function reset(): void {
    carry.take()
    more.take()
    carries = skipLf = started = over = hasData = false
    data = event = ''
    carryAt = dataFrom = dataTo = dataAt = 0
  }

  function dispatch(): void {
    if (hasData) {
      if (more.length > 0) {
        data = data.slice(dataFrom, dataTo) + more.take()
        dataFrom = 0
        dataTo = data.length
      }
      sink.onFrame(data, dataFrom, dataTo, dataAt, event)
    }
    hasData = false
    data = event = ''
  }

  function dataLine(text: string, from: number, to: number, atMs: number): void {
    if (hasData) {
      more.add(`\n${text.slice(from, to)}`)
      if (dataTo - dataFrom + more.length > maxBytes) overflow()
    } else {
      hasData = true
      data = text
      dataFrom = from
      dataTo = to
    }
    dataAt = atMs
  }

  function line(text: string, from: number, to: number, atMs: number): void {
    if (!started) {
      started = true
      if (text.startsWith(BOM, from)) from += 3
    }
    if (from >= to) dispatch()
    else if (text.startsWith('data:', from)) {
      const value = from + 5
      dataLine(text, value < to && text.charCodeAt(value) === SPACE ? value + 1 : value, to, atMs)
    } else field(text.slice(from, to), atMs)
  }

  function field(content: string, atMs: number): void {
    const colon = content.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? content : content.slice(0, colon)
    if (name === 'data') dataLine('', 0, 0, atMs)
    else if (name === 'event') {
      const value = colon < 0 ? '' : content.slice(colon + 1)
      event = value.startsWith(' ') ? value.slice(1) : value
    } else if (name !== 'id' && name !== 'retry') sink.onStrayLine?.(content)
  }

  function carriedLine(): void {
    carries = false
    const whole = carry.take()
    line(whole, 0, whole.length, carryAt)
  }

  function overflow(): void {
    over = true
    hasData = carries = false
    carry.take()
    more.take()
    data = ''
    sink.onOverflow(maxBytes)
  }

  return {
    reset,
    get idle() {
      return !carries && !hasData && !skipLf && started && event === '' && !over
    },
    get unfinished() {
      return carries || hasData
    },
    feed(text, from, to, atMs) {
      let pos = from
      if (skipLf && pos < to) {
        skipLf = false
        if (text.charCodeAt(pos) === LF) pos++
      }
      let cr = -1
      while (pos < to && !over) {
        const lf = text.indexOf('\n', pos)
        if (cr < pos) {
          cr = text.indexOf('\r', pos)
          if (cr < 0) cr = Infinity
        }
        let end = lf < 0 || lf > to ? to : lf
        let next = end + 1
        if (cr < end) {
          end = cr
          if (end + 1 === to) skipLf = true
          next = end + 1 === lf ? end + 2 : end + 1
        }
        if (end >= to) break
        if (!carries) line(text, pos, end, atMs)
        else {
          carry.add(text.slice(pos, end))
          carryAt = atMs
          carriedLine()
        }
        pos = end === pos && !hasData && event === '' ? afterBlankLines(text, next, to) : next
        // The blank line follows directly: saves a search and a call for almost every event.
        if (pos < to && hasData && text.charCodeAt(pos) === LF && !over) {
          dispatch()
          pos++
        }
      }
      if (pos >= to || over) return
      carry.add(text.slice(pos, to))
      carries = true
      carryAt = atMs
      if (carry.length + more.length + dataTo - dataFrom > maxBytes) overflow()
    },
    end() {
      if (over) return
      if (carries) carriedLine()
      dispatch()
    },
  }
}
