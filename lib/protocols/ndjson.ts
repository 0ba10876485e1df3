import { createCarry } from './carry.ts'
import { afterBlankLines, defaultMaxFrameBytes } from './frames.ts'
import type { Framer, FrameSink } from './frames.ts'

/** One JSON value per line, ended by LF or CRLF; blank lines are ignored (ndjson-spec 3.1). */
export function createNdjsonScanner(sink: FrameSink, maxBytes = defaultMaxFrameBytes): Framer {
  const carry = createCarry()
  let carryAt!: number
  let over!: boolean
  reset()

  function reset(): void {
    carry.take()
    carryAt = 0
    over = false
  }

  function line(text: string, from: number, to: number, atMs: number): void {
    const end = to > from && text.charAt(to - 1) === '\r' ? to - 1 : to
    if (end > from) sink.onFrame(text, from, end, atMs, '')
  }

  return {
    reset,
    get idle() {
      return carry.length === 0 && !over
    },
    get unfinished() {
      return carry.length > 0
    },
    feed(text, from, to, atMs) {
      let pos = from
      while (pos < to && !over) {
        const lf = text.indexOf('\n', pos)
        if (lf < 0 || lf >= to) break
        if (carry.length === 0) line(text, pos, lf, atMs)
        else {
          carry.add(text.slice(pos, lf))
          const whole = carry.take()
          line(whole, 0, whole.length, atMs)
        }
        pos = lf - pos < 2 ? afterBlankLines(text, lf + 1, to) : lf + 1
      }
      if (pos >= to || over) return
      carry.add(text.slice(pos, to))
      carryAt = atMs
      if (carry.length > maxBytes) {
        over = true
        carry.take()
        sink.onOverflow(maxBytes)
      }
    },
    end() {
      const rest = carry.take()
      if (!over) line(rest, 0, rest.length, carryAt)
    },
  }
}
