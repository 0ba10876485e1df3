import { decodeUtf8 } from '../http/index.ts'

/** A body that is not a stream: an error page, or a whole answer. */
export interface BodyCollector {
  /** @returns false: nothing of what follows may be skipped */
  add(text: string, from: number, to: number): boolean
  text(): string
  /** Bytes collected. */
  readonly length: number
  /** Whether the body was longer than the limit. */
  readonly cut: boolean
  /** Begins another body, which is cut at this limit. */
  reset(limitBytes: number): void
}

/** Collects a body, and cuts it at the limit. */
export function createBodyCollector(limitBytes: number): BodyCollector {
  let maxBytes = limitBytes
  let pieces: string[] = []
  let bytes = 0
  let cut = false
  return {
    add(text, from, to) {
      const end = Math.min(to, from + maxBytes - bytes)
      cut ||= end < to
      if (end <= from) return false
      bytes += end - from
      pieces.push(text.slice(from, end))
      return false
    },
    text: () => decodeUtf8(pieces.join('')),
    get length() {
      return bytes
    },
    get cut() {
      return cut
    },
    reset(limit) {
      maxBytes = limit
      if (pieces.length > 0) pieces = []
      bytes = 0
      cut = false
    },
  }
}
