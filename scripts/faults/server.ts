import net from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Script } from './script.ts'

export interface ScriptServer {
  /** With `/v1`. */
  url: string
  close(): Promise<void>
}

/** Bytes that wait for a slow reader: what is endless must not fill this process instead of the client. */
const BACKLOG_BYTES = 1 << 20

/**
 * A server that answers each request by the script of the row that its prompt names.
 *
 * @param scriptOf a row's script; undefined for an unknown row, which is answered with 404
 */
export async function startScriptServer(
  scriptOf: (row: string) => Script | undefined,
): Promise<ScriptServer> {
  const sockets = new Set<Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      const row = rowOf(received)
      if (row === undefined) return
      received = ''
      const found = scriptOf(row)
      if (found !== undefined) play(socket, found)
      else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', 4096, resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

/** The prompt of a row, and how it is found in a request of any wire format. */
export const promptOf = (row: string) => `fault row: ${row} `
const named = /fault row: (\S+) /

/** @returns the row that a request names, '' where it names none; undefined while it is not whole */
function rowOf(received: string): string | undefined {
  const head = received.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
  if (received.length < head + 4 + length) return undefined
  return named.exec(received)?.[1] ?? ''
}

function play(socket: Socket, { steps }: Script): void {
  const beganMs = performance.now()
  let next = 0
  // One timer after the other: those of one moment would all be late by the slowest of them.
  function advance(): void {
    while (next < steps.length && !socket.destroyed) {
      const step = steps[next]!
      const waitMs = step.atMs - (performance.now() - beganMs)
      if (waitMs > 0) return void setTimeout(advance, Math.ceil(waitMs))
      if ('bytes' in step && socket.writableLength > BACKLOG_BYTES) {
        return void socket.once('drain', advance)
      }
      next++
      if ('bytes' in step) socket.write(step.bytes, 'latin1')
      else if (step.ends === 'close') socket.end()
      else return reset(socket)
    }
  }
  advance()
}

/** What was written is to arrive first: the kernel drops what it still holds when it resets. */
function reset(socket: Socket): void {
  if (socket.writableLength > 0) socket.once('drain', () => reset(socket))
  else setTimeout(() => socket.resetAndDestroy(), 30)
}
