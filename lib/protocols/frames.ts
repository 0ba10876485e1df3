/** What a framer calls for each event: its data is `text.slice(from, to)`, a byte string. */
export interface FrameSink {
  onFrame(text: string, from: number, to: number, atMs: number, event: string): void
  /** An event is longer than the limit; nothing is called after it. */
  onOverflow(maxBytes: number): void
  /** A line with a field that SSE does not know: old llama.cpp writes `error: {…}`. */
  onUnknownField?(name: string, value: string, atMs: number): void
}

/** Cuts a body into events. `feed` takes the body bytes `text.slice(from, to)`, read at `atMs`. */
export interface Framer {
  /** At the beginning of an event, nothing kept: what is fed next stands for itself. */
  readonly idle: boolean
  feed(text: string, from: number, to: number, atMs: number): void
  /** The body is over: what no line end or blank line closed is given out as it is. */
  end(): void
}

/** A whole answer may come in the last event (Responses API, cumulative text): be generous. */
export const defaultMaxFrameBytes = 16 * 2 ** 20
