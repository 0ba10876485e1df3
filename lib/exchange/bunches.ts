/** How the chunks of an answer came together. */
export interface Bunches {
  /** Number of bunches: chunks with no time between them count as one. */
  bunches: number
  /** Number of chunks in the first of them. */
  first: number
}

/** Two chunks no further apart than this came together, as do reads of one burst that are handled in turn, ms. */
export const TOGETHER_MS = 1
/** Such gaps are next to nothing on average; those of an engine that makes a token in 0.3 ms are not. */
const nothingMs = 0.1
/** The silence between bunches, on average at least: several tokens of the fastest engines. */
const silenceMs = 5
const fewestChunks = 8

/**
 * Whether the chunks of an answer came in bunches: more than half of the gaps between them are nothing
 * and the rest are silences, as behind a proxy that buffers or from a server whose event loop is full.
 * Pairs that a late reader picks up together, and engines of 1 ms per token, are no bunches.
 * @param times arrival of each chunk, ms, ascending
 * @param sentMs when the request was sent: the silence before an answer that came all at once
 * @param apart number of gaps above `TOGETHER_MS`, where it is known: it spares most answers the loops
 * @returns undefined where chunks came one by one, or there are too few to tell
 */
export function bunchesOf(
  times: readonly number[],
  sentMs: number | undefined,
  apart?: number,
): Bunches | undefined {
  const chunks = times.length
  if (chunks < fewestChunks || sentMs === undefined) return undefined
  const tooMany = chunks / 2 - 1
  if (apart !== undefined && apart >= tooMany) return undefined
  let silences = 0
  let silentMs = 0
  let first = chunks
  let before = times[0]!
  for (let i = 1; i < chunks; i++) {
    const at = times[i]!
    if (at - before > TOGETHER_MS) {
      silentMs += at - before
      if (silences++ === 0) first = i
      if (silences >= tooMany) return undefined
    }
    before = at
  }
  const together = chunks - 1 - silences
  const togetherSumMs = times[chunks - 1]! - times[0]! - silentMs
  if (togetherSumMs > together * nothingMs) return undefined
  const meanSilenceMs = silences === 0 ? times[0]! - sentMs : silentMs / silences
  return meanSilenceMs < silenceMs ? undefined : { bunches: silences + 1, first }
}
