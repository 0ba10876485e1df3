import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Bytes that may wait for a slow reader before it is given up: memory stays bounded. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024

export interface WireStyle {
  framing: 'chunked' | 'close'
  /** One byte per write, with so many ms between them (0 = one per turn of the event loop). */
  dribbleMs: number | undefined
  /** Chunks are cut inside characters. */
  splitCharacters: boolean
  /** All text is ASCII: written without conversion. */
  ascii: boolean
  contentType: string
  /** A false Content-Length in the head; the body is then sent without chunks. */
  contentLength: number | undefined
  headers: Record<string, string>
}

/** The way of a streamed answer to the socket: each `chunk` is one write and one HTTP chunk. */
export interface Wire {
  begin(): void
  readonly begun: boolean
  /** The client has left. */
  readonly gone: boolean
  chunk(text: string): void
  /** As it is, between the chunks. */
  raw(text: string): void
  /** Ends the body as the framing asks for. */
  end(): void
  /** Closes the connection in the middle. */
  cut(): void
  /** The same with TCP reset. */
  reset(): void
}

/**
 * Status line and headers go out by node's `ServerResponse` (which keeps its bookkeeping of
 * keep-alive), the chunks straight to its socket: that costs half of what `res.write` costs per token. Where
 * the bytes themselves are the point (dribble, false lengths) the socket is taken over.
 */
export function createWire(res: ServerResponse, style: WireStyle, onBacklog: () => void): Wire {
  let begun = false
  let ended = false
  let chunked = style.framing === 'chunked'
  let socket: Socket | null = null
  const takenOver = style.dribbleMs !== undefined || style.contentLength !== undefined
  const head: Record<string, string> = { ...style.headers, 'content-type': style.contentType }
  if (style.contentLength !== undefined) head['content-length'] = String(style.contentLength)

  // What must not go out in one write waits here; one goes out per turn of the event loop.
  let queue: (() => void)[] = []
  let nextInQueue = 0
  let draining = false
  function drain(): void {
    if (nextInQueue >= queue.length || socket?.destroyed) {
      queue = []
      nextInQueue = 0
      draining = false
      return
    }
    queue[nextInQueue++]!()
    // Also after the last one: what is put next must not follow in the same turn.
    if (style.dribbleMs) setTimeout(drain, style.dribbleMs)
    else setImmediate(drain)
  }
  function inTurn(act: () => void): void {
    queue.push(act)
    if (draining) return
    draining = true
    drain()
  }
  function orderly(act: () => void): void {
    if (draining) queue.push(act)
    else act()
  }

  function write(data: string | Buffer): void {
    if (socket === null) {
      // A pipelined request whose turn has not come: node keeps it in order.
      res.write(data)
      return
    }
    if (socket.destroyed) return
    if (typeof data === 'string') socket.write(data, style.ascii ? 'latin1' : 'utf8')
    else socket.write(data)
    if (socket.writableLength > MAX_BACKLOG_BYTES) onBacklog()
  }
  function put(text: string): void {
    if (style.dribbleMs !== undefined)
      for (const byte of Buffer.from(text)) inTurn(() => write(Buffer.of(byte)))
    else orderly(() => write(text))
  }
  function framed(text: string): string {
    if (!chunked || socket === null) return text
    const bytes = style.ascii ? text.length : Buffer.byteLength(text)
    return `${bytes.toString(16)}\r\n${text}\r\n`
  }
  /** Cuts inside the first character of more than one byte. */
  function putSplit(text: string): void {
    const bytes = Buffer.from(text)
    const at = bytes.findIndex((byte) => byte > 0xbf) + 1
    if (at === 0) return put(framed(text))
    for (const part of [bytes.subarray(0, at), bytes.subarray(at)]) {
      const size = `${part.length.toString(16)}\r\n`
      inTurn(() =>
        write(chunked ? Buffer.concat([Buffer.from(size), part, Buffer.from('\r\n')]) : part),
      )
    }
  }

  return {
    get begun() {
      return begun
    },
    get gone() {
      return (socket ?? res.socket)?.destroyed ?? true
    },
    begin() {
      if (begun) return
      begun = true
      if (takenOver && res.socket !== null) {
        socket = res.socket
        res.detachSocket(socket)
        chunked &&= style.contentLength === undefined
        if (chunked) head['transfer-encoding'] = 'chunked'
        head['connection'] = 'close'
        const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
        put(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`)
        return
      }
      if (!chunked) {
        res.useChunkedEncodingByDefault = false
        res.shouldKeepAlive = false
      }
      res.writeHead(200, head)
      res.flushHeaders()
      // A client of HTTP/1.0 gets no chunks, whatever was asked for.
      chunked = res.chunkedEncoding
      socket = res.socket
    },
    chunk(text) {
      if (style.splitCharacters && socket !== null) putSplit(text)
      else put(framed(text))
    },
    raw: put,
    end() {
      if (ended) return
      ended = true
      orderly(() => {
        if (!takenOver) res.end()
        else if (socket !== null) socket.end(chunked ? '0\r\n\r\n' : '')
      })
    },
    cut() {
      ended = true
      orderly(() => (socket ?? res.socket)?.destroySoon())
    },
    reset() {
      ended = true
      orderly(() => (socket ?? res.socket)?.resetAndDestroy())
    },
  }
}
