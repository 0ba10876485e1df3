import type { HttpError } from './errors.ts'
import type { ResponseHead } from './head.ts'

export interface ResponseSink {
  /** The final head (1xx are skipped). `atMs`: arrival time of the read that completed it. */
  onHead(head: ResponseHead, atMs: number): void
  /**
   * Body bytes `text.slice(from, to)`, all from the one read that arrived at `atMs`.
   *
   * @returns true when `skip` may read the chunks that follow
   */
  onBody(text: string, from: number, to: number, atMs: number): boolean
  /**
   * Reads whole chunks on its own, from this offset of the delivery on, where a chunk begins.
   *
   * @returns offset of the chunk after them and length of their bodies; undefined when it has read none
   */
  skip?: ((offset: number) => { end: number; bodyBytes: number } | undefined) | undefined
  /** The whole answer is here. `keepAlive`: the server leaves the connection open. */
  onEnd(atMs: number, keepAlive: boolean): void
  /** Called at most once; nothing is called after it. */
  onError(error: HttpError): void
}

export interface ResponseLimits {
  maxHeadBytes: number
  maxBodyBytes: number
}

export interface ResponseDecoder {
  /**
   * @param text byte string of one delivery
   * @param stamps `[offset0, at0, offset1, at1, …]`: arrival times of its reads, ascending
   */
  feed(text: string, stamps: readonly number[]): void
  /** The connection has ended. @param atMs when, on the run's clock */
  eof(atMs: number): void
  /** Whether a chunk is over and the next one has not begun. */
  readonly betweenChunks: boolean
  /** Forgets everything, to read another answer: cheaper than another decoder. */
  reset(): void
}
