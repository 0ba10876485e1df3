import { TOGETHER_MS } from '../../lib/exchange/index.ts'
import type { FindRepeats } from '../../lib/exchange/index.ts'

/** What the socket module's `repeats` finds in a delivery, as the declaration in `types/` says it. */
export function repeatsIn(delivery: string, stamps: readonly number[]): FindRepeats {
  return (offset, head, tail) => {
    let end = offset
    let bodyBytes = 0
    let textBytes = 0
    const timesMs: number[] = []
    for (;;) {
      const size = /^([\da-fA-F]+)\r\n/.exec(delivery.slice(end, end + 8))
      if (size === null) break
      const from = end + size[0].length
      const to = from + Number.parseInt(size[1]!, 16)
      const body = delivery.slice(from, to)
      const text = body.slice(head.length, body.length - tail.length)
      const repeats =
        body.length > head.length + tail.length &&
        body.startsWith(head) &&
        body.endsWith(tail) &&
        !/"|\\$/.test(text) &&
        delivery.slice(to, to + 2) === '\r\n'
      const read = readOf(stamps, from)
      if (!repeats || read !== readOf(stamps, to - 1)) break
      end = to + 2
      bodyBytes += body.length
      textBytes += text.length
      timesMs.push(stamps[read + 1]!)
    }
    const gaps = timesMs.slice(1).map((atMs, i) => atMs - timesMs[i]!)
    const longestGapMs = Math.max(0, ...gaps)
    const gapsApart = gaps.filter((gap) => gap > TOGETHER_MS).length
    const found = { end, bodyBytes, textBytes, timesMs, longestGapMs, gapsApart }
    return timesMs.length === 0 ? undefined : found
  }
}

/** Index of the stamp pair of the read that holds an offset. */
function readOf(stamps: readonly number[], offset: number): number {
  let pair = 0
  while (pair + 2 < stamps.length && stamps[pair + 2]! <= offset) pair += 2
  return pair
}
