import type { ServerResponse } from 'node:http'
import type { Wire, WireStyle } from './wire.ts'

/** A body with a true Content-Length: it is kept until its end and goes out in one piece. */
export function createMeasuredWire(res: ServerResponse, style: WireStyle): Wire {
  let begun = false
  let body = ''
  return {
    get begun() {
      return begun
    },
    get gone() {
      return res.socket?.destroyed ?? true
    },
    begin() {
      begun = true
    },
    chunk(text) {
      body += text
    },
    raw(text) {
      body += text
    },
    end() {
      res.writeHead(200, {
        ...style.headers,
        'content-type': style.contentType,
        'content-length': Buffer.byteLength(body),
      })
      res.end(body)
    },
    cut() {
      res.socket?.destroySoon()
    },
    reset() {
      res.socket?.resetAndDestroy()
    },
  }
}
