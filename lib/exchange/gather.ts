import type { Answer } from './answer.ts'
import type { ReadStamps } from './types.ts'

/** Reads of a stream that are stamped and wait to be decoded together. */
export interface Gather {
  /** Adds one delivery. @returns whether all of them are to be decoded now */
  add(text: string, stamps: ReadStamps): boolean
  /** @returns everything that waits, as one delivery; undefined when nothing does */
  take(): { text: string; stamps: ReadStamps } | undefined
  /** When they are to be decoded at the latest, on the run's clock; Infinity when nothing waits. */
  readonly untilMs: number
}

/**
 * Whether the reads that follow may be decoded together: those of a chunked stream, whose end shows. The first
 * token is no exception: a stream's first events cost most, and would hold up the first tokens of others that
 * began with it. Not when each chunk may be the last one wanted, nor where servers leave bodies open, as
 * only the marker tells their end.
 */
export function mayGather(
  { reading, head, measure }: Answer,
  { abortAfter, graceMs }: { abortAfter: { chunks?: number } | undefined; graceMs: number },
): boolean {
  if (graceMs === 0 || abortAfter?.chunks !== undefined) return false
  const open = reading === 'stream' && measure.doneMs === undefined
  return open && head?.headers['transfer-encoding'] !== undefined
}

/** As much as our own socket module holds for a script. */
const maxBytes = 64 * 1024

/** Of a transport whose reads are decoded as they come. */
const NOTHING: Gather = { untilMs: Infinity, add: () => true, take: () => undefined }

/**
 * What reads have in common costs more than their bytes: a call into decoders whose memory is cold. So one
 * pass over the reads of half a second takes a third of the time that a pass over each does, and as each read
 * has its own arrival time, no figure changes.
 *
 * A chunked body ends with an empty line (RFC 9112, 7.1), so a delivery with one at its end, or too short to
 * tell, is decoded at once.
 * @param longestMs longest wait of a read, ms
 */
export function createGather(longestMs: number): Gather {
  if (longestMs === 0) return NOTHING
  let pieces: string[] = []
  let stamps: number[] = []
  let bytes = 0
  let untilMs = Infinity

  return {
    get untilMs() {
      return untilMs
    },
    add(text, given) {
      // Once per token, and k6's engine takes 5 us to push two numbers.
      let at = stamps.length
      for (let i = 0; i < given.length; i += 2) {
        stamps[at++] = bytes + given[i]!
        stamps[at++] = given[i + 1]!
      }
      pieces[pieces.length] = text
      bytes += text.length
      const lastMs = given[given.length - 1]!
      if (pieces.length === 1) untilMs = lastMs + longestMs
      // A read in the last tenth of the wait ends it: no timer has to.
      const waited = lastMs >= untilMs - longestMs / 10
      return waited || bytes >= maxBytes || text.length < 4 || text.endsWith('\r\n\r\n')
    },
    take() {
      if (pieces.length === 0) return undefined
      const taken = { text: pieces.join(''), stamps }
      pieces = []
      stamps = []
      bytes = 0
      untilMs = Infinity
      return taken
    },
  }
}
