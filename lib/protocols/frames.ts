/** What a framer calls for each event: its data is `text.slice(from, to)`, a byte string. */
export interface FrameSink {
  onFrame(text: string, from: number, to: number, atMs: number, event: string): void
  /** An event is longer than the limit; nothing is called after it. */
  onOverflow(maxBytes: number): void
  /** A line that is no field of SSE: old llama.cpp's `error: {…}`, a bare JSON or HTML body. */
  onStrayLine?(line: string): void
}

/** Cuts a body into events. `feed` takes the body bytes `text.slice(from, to)`, read at `atMs`. */
export interface Framer {
  /** At the beginning of an event, nothing kept: what is fed next stands for itself. */
  readonly idle: boolean
  /** Inside of an event. */
  readonly unfinished: boolean
  feed(text: string, from: number, to: number, atMs: number): void
  /** The body is over: what no line end or blank line closed is given out as it is. */
  end(): void
}

/**
 * A whole answer may come in the last event (Responses API, cumulative text), a quarter of a million tokens of it.
 * Reading one takes about ten times its size for a moment, so that the bound bounds memory too.
 */
export const defaultMaxFrameBytes = 2 ** 20
