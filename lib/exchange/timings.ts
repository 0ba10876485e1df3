import type { ExchangeResult, Timings } from './types.ts'

/**
 * The figures of one request, in ms, from its marks (ms on the run's clock). n = output tokens,
 * n1 = tokens in the first content chunk, 1 unless the wire tells; of an answer that came in bunches, in
 * the first bunch. The last token is that of the last chunk; where fewer tokens came in chunks than were billed, the event with the finish reason bounds it
 * (tokens.ts). Where a request was sent again, the first sending counts. A request that did not complete
 * has only lateness, connecting and tls: its latencies would flatter or spoil the percentiles.
 *
 * | figure     | formula                                   | no value when                               |
 * | ---------- | ----------------------------------------- | ------------------------------------------- |
 * | ttfb       | first byte of the body - sent             | -                                           |
 * | ttft       | first generated token of any kind - sent  | not streamed                                |
 * | ttfo       | first token of the answer - sent          | not streamed; reasoning only                |
 * | tpot       | (last token - first token) / (n - n1)     | n <= n1, one chunk, hidden reasoning        |
 * | icl        | gap between content chunks                | fewer than two chunks                       |
 * | itl        | gap / tokens in its chunk, else the gap   | fewer than two chunks                       |
 * | stall      | largest icl                               | fewer than two chunks                       |
 * | e2e        | last token - sent                         | -                                           |
 * | stream     | end of the body - sent                    | -                                           |
 * | connecting | connect and TLS                           | a connection was reused                     |
 * | tls        | TLS handshake, a part of connecting       | no TLS; reused; the official socket module  |
 * | lateness   | start - due                               | no schedule                                 |
 * | ttftDue    | first token - due (start if none)         | not streamed                                |
 * | e2eDue     | last token - due (start if none)          | -                                           |
 *
 * Differences are rounded to a nanosecond, the clock's resolution, and gaps to 10 ns, so that what is
 * read back from a record has the same last digit.
 * @param result marks and counts of the request
 * @param gapsMs gaps between content chunks, for when the times of the chunks are not known
 * @returns every figure in ms; undefined where there is no value
 */
export function timingsOf(result: ExchangeResult, gapsMs?: readonly number[]): Timings {
  const { marks } = result
  const completed = result.outcome === 'completed'
  const sent = completed ? marks.sentMs : undefined
  const due = completed ? (marks.dueMs ?? marks.startMs) : undefined
  let gaps = gapsMs
  // Most runs sample few gaps: the others are never made.
  const icl = () => (completed ? (gaps ??= gapsBetween(result.chunkTimesMs)) : [])
  const gapAt = (i: number) =>
    gaps === undefined ? gapBefore(result.chunkTimesMs, i + 1) : gaps[i]!
  const longest = gapsMs === undefined ? result.longestGapMs : undefined
  return {
    ttfbMs: between(sent, marks.firstByteMs),
    ttftMs: between(sent, marks.firstTokenMs),
    ttfoMs: between(sent, marks.firstAnswerMs),
    tpotMs: completed ? tpot(result) : undefined,
    stallMs: completed && longest !== undefined ? roundGap(longest) : largest(icl()),
    e2eMs: between(sent, marks.lastTokenMs),
    streamMs: between(sent, marks.endMs),
    connectingMs: marks.connectingMs === undefined ? undefined : exact(marks.connectingMs),
    tlsMs: marks.tlsMs === undefined ? undefined : exact(marks.tlsMs),
    latenessMs: between(marks.dueMs, marks.startMs),
    ttftDueMs: between(due, marks.firstTokenMs),
    e2eDueMs: between(due, marks.lastTokenMs),
    get iclMs() {
      return icl()
    },
    get itlMs() {
      const { chunkTokens } = result
      return chunkTokens === undefined
        ? icl()
        : icl().map((gap, i) => perToken(gap, chunkTokens, i))
    },
    iclAtMs: gapAt,
    itlAtMs:
      result.chunkTokens === undefined ? gapAt : (i) => perToken(gapAt(i), result.chunkTokens, i),
  }
}

/** A negative difference means that the marks are wrong, not that something took no time. */
function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || !(to >= from) ? undefined : exact(to - from)
}

/** Rounds to a nanosecond: drops the digits that binary fractions add. */
function exact(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}

function tpot(result: ExchangeResult): number | undefined {
  const { firstTokenMs, lastTokenMs } = result.marks
  const later = result.outputTokens - (result.firstChunkTokens ?? 1)
  if (later <= 0 || result.chunks < 2 || result.hiddenReasoning) return undefined
  const span = between(firstTokenMs, lastTokenMs)
  return span === undefined ? undefined : span / later
}

/**
 * Gaps between neighbouring times, to 10 ns: with 1 us a percentile came out with another last digit.
 * @param times ms, ascending
 * @returns one gap fewer than times, ms
 */
export function gapsBetween(times: readonly number[]): number[] {
  const gaps: number[] = []
  for (let i = 1; i < times.length; i++) gaps[i - 1] = gapBefore(times, i)
  return gaps
}

function gapBefore(times: readonly number[], i: number): number {
  return roundGap(times[i]! - times[i - 1]!)
}

function roundGap(ms: number): number {
  return Math.round(ms * 1e5) / 1e5
}

function largest(gaps: readonly number[]): number | undefined {
  let found = gaps[0]
  for (let i = 1; i < gaps.length; i++) if (gaps[i]! > found!) found = gaps[i]
  return found
}

/** @param i index of the gap; the chunk that ends it is the next one */
function perToken(gapMs: number, tokens: readonly number[] | undefined, i: number): number {
  return tokens === undefined ? gapMs : gapMs / Math.max(1, tokens[i + 1] ?? 1)
}
