/** What a framer calls for each event: its data is `text.slice(from, to)`, a byte string. */
export interface FrameSink {
  onFrame(text: string, from: number, to: number, atMs: number, event: string): void
  /** An event is longer than the limit; nothing is called after it. */
  onOverflow(maxBytes: number): void
  /** A line that is not an SSE field: old llama.cpp's `error: {…}`, a bare JSON or HTML body. */
  onStrayLine?(line: string): void
}

/** Splits a body into events. `feed` takes the body bytes `text.slice(from, to)`, read at `atMs`. */
export interface Framer {
  /** At the beginning of an event with nothing kept: the next bytes stand for themselves. */
  readonly idle: boolean
  /** Whether the body has stopped inside an event. */
  readonly unfinished: boolean
  feed(text: string, from: number, to: number, atMs: number): void
  /** The body is over: emits as it is whatever no line end or blank line has closed. */
  end(): void
  reset(): void
}

/**
 * The last event may hold a whole answer (Responses API, cumulative text): a quarter of a million tokens.
 * Parsing it briefly takes about ten times its size, so this also bounds memory.
 */
export const defaultMaxFrameBytes = 2 ** 20

const runLength = 256
const runs = ['\n', '\r\n'].map((lineEnd) => lineEnd.repeat(runLength / lineEnd.length))

/**
 * Blank lines without end would cost 1 us each, and keep a VU busy. A run of them is passed over natively,
 * 256 bytes at a time: a regular expression takes 170 ns per byte in k6's engine, this 5.
 *
 * @param pos where a line begins
 * @returns where the last whole block of blank lines ends; `pos` where there is none
 */
export function afterBlankLines(text: string, pos: number, to: number): number {
  for (const run of runs) {
    while (pos + runLength <= to && text.startsWith(run, pos)) pos += runLength
  }
  return pos
}
