/**
 * `k6/x/tcp`: the official extension, and the drop-in of this repository (`k6/`), which adds what is
 * marked "own module". The official one ignores the added options and gives `undefined` for the added
 * values, so every use of them needs a way without.
 */
declare module 'k6/x/tcp' {
  /** State of a socket; `destroyed` is final. */
  export type SocketState = 'disconnected' | 'opening' | 'open' | 'destroyed'

  export interface SocketOptions {
    /** Put on all metric samples of this socket. */
    tags?: Record<string, string>
    /**
     * Own module. `latin1`: the `data` handler gets a string with one character (0-255) a byte instead
     * of bytes, which costs a fraction of decoding and keeps byte offsets true.
     */
    encoding?: 'latin1'
    /** Own module. Several reads in one call of the `data` handler. */
    coalesce?: CoalesceOptions
  }

  export interface CoalesceOptions {
    /**
     * Longest wait after the first undelivered read, ms, more than 0, at most 60000. A read that comes
     * in the last tenth of it ends the wait.
     */
    maxDelayMs: number
    /**
     * `answer`: deliver at once when an HTTP/1.1 answer is whole, by its length, its last chunk and
     * trailers, or its status; what is no HTTP/1.1 is delivered read by read.
     */
    until?: 'answer'
  }

  export interface ConnectOptions {
    port: number | string
    /** Default `localhost`. */
    host?: string
    /** TLS as k6's own options say. Default false. */
    tls?: boolean
    tags?: Record<string, string>
  }

  export interface WriteOptions {
    /** Of a string: `utf8` (default), `ascii`, `base64`, `base64url`, `hex`. */
    encoding?: string
    tags?: Record<string, string>
  }

  /** What a promise rejects with and the `error` handler gets: a Go value, not an `Error`. */
  export interface TCPError {
    readonly name: 'TCPError'
    readonly method: 'connect' | 'read' | 'write'
    readonly message: string
  }

  export class Socket {
    /** True in the drop-in: `data` handlers get arrival times. */
    static readonly arrivalTimes?: boolean
    /**
     * In the drop-in: adds a value to a metric of the script, at the next `pushSamples`. Throws where the metric is
     * unknown; a value that is no number is left out with a warning, as `add` does it.
     */
    static readonly addSample?: (
      name: string,
      value: number,
      tags?: Readonly<Record<string, string>>,
    ) => void
    /**
     * In the drop-in: hands over what was added, all at one moment and in one piece, the tags of each on top
     * of the labels. Throws where a tag is no string, number or boolean, and adds none then.
     */
    static readonly pushSamples?: (labels?: Readonly<Record<string, string>>) => void
    /** In the drop-in: adds to a sum of this name that all VUs of the process share, and returns it. */
    static readonly addUp?: (name: string, value: number) => number
    /** In the drop-in: `exec.instance.currentTestRunDuration`, for less. Throws where k6 has no such clock (teardown). */
    static readonly now?: () => number
    /** In the drop-in: `setTimeout` and `clearTimeout`, but the script waits for nothing where it clears the last one. */
    static readonly setTimer?: (handler: () => void, ms: number) => number
    static readonly clearTimer?: (timer: number) => void
    constructor(options?: SocketOptions)
    readonly ready_state: SocketState
    readonly connected: boolean
    readonly bytes_read: number
    readonly bytes_written: number
    /** These four have a value while connected. */
    readonly local_ip: string | undefined
    readonly local_port: number | undefined
    readonly remote_ip: string | undefined
    readonly remote_port: number | undefined
    /**
     * Resolves when the connection, and with TLS the handshake, stands; own module: with how long the handshake
     * took, ms (undefined without TLS). Rejects with a TCPError.
     */
    connect(port: number | string, host?: string): Promise<number | undefined>
    connect(options: ConnectOptions): Promise<number | undefined>
    /**
     * Resolves when everything was handed to the connection; own module: with that time, in ms on the
     * clock of `exec.instance.currentTestRunDuration`. Rejects with a TCPError (official module: with
     * another Go error where the connection failed).
     */
    write(data: string | ArrayBuffer, options?: WriteOptions): Promise<number | undefined>
    /** Emits `timeout` after each `ms` without a read; closes nothing. 0: never. */
    setTimeout(ms: number): this
    /** Closes; `close` follows. Own module: and nothing else does. */
    destroy(): void
    /**
     * Own module. Ends the socket's part in this iteration and leaves the connection open for `attach`
     * in a later one of the VU; handlers stay, nothing is delivered meanwhile. False, and the socket as
     * it was, where k6 is to keep no connections (`noVUConnectionReuse`, `noConnectionReuse`), it is
     * not open, or something waits to be delivered or written.
     */
    detach?(): boolean
    /** Own module. Takes a detached socket up in this iteration; false when its connection is gone. */
    attach?(): boolean
    /**
     * Own module, while a `data` handler runs: looks in its bytes, from an offset where an HTTP chunk begins,
     * for chunks that are `head + text + tail` (byte strings), each whole and within one read, with a text
     * without `"` that does not end with a backslash. Gives the offset of the chunk behind them, the length of
     * their bodies and of their texts, the time of each, the largest gap between two of these, and how many
     * such gaps are above `apartMs`; undefined when the next chunk is none.
     */
    repeats?(
      offset: number,
      head: string,
      tail: string,
      apartMs: number,
    ):
      | [
          end: number,
          bodyBytes: number,
          textBytes: number,
          timesMs: number[],
          longestGapMs: number,
          gapsApart: number,
        ]
      | undefined
    on(event: 'connect' | 'close' | 'timeout', handler: () => void): void
    on(event: 'error', handler: (error: TCPError) => void): void
    /**
     * `data` is a string only with `encoding: 'latin1'`, else bytes, in fact an array of numbers that
     * TextDecoder and Uint8Array take; with the official module copy or decode it inside the handler. `stamps`, own module: `[offset0, at0, offset1, at1, …]`, for each socket read
     * in `data` the offset of its first byte and the time at which the read returned, in ms on the
     * clock of `exec.instance.currentTestRunDuration`; `undefined` where k6 has no such clock
     * (teardown).
     */
    on(event: 'data', handler: (data: Uint8Array | string, stamps?: number[]) => void): void
  }
}
