import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Opens and shuts the server's port, connections included. */
export interface Listener {
  listen(port: number): Promise<void>
  /** Drops all connections and refuses new ones for so long. */
  refuse(ms: number): Promise<void>
  close(): Promise<void>
}

/** @param on told of each new connection, and before connections are dropped */
export function createListener(
  server: Server,
  { host }: { host: string },
  on: { connection(): void; closing(): void },
): Listener {
  const sockets = new Set<Socket>()
  let port = 0
  let reopening: NodeJS.Timeout | undefined
  let reopened: () => void = () => undefined

  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    on.connection()
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })

  function listen(at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, host, 4096, () => {
        server.removeListener('error', reject)
        const address = server.address()
        if (address !== null && typeof address === 'object') port = address.port
        resolve()
      })
    })
  }
  function shut(): Promise<void> {
    return new Promise((resolve) => {
      if (!server.listening) return resolve()
      server.close(() => resolve())
      on.closing()
      for (const socket of sockets) socket.destroy()
    })
  }

  return {
    listen,
    async refuse(ms) {
      await shut()
      await new Promise<void>((resolve) => {
        reopened = resolve
        reopening = setTimeout(() => listen(port).then(resolve, resolve), ms)
      })
    },
    async close() {
      clearTimeout(reopening)
      await shut()
      reopened()
    },
  }
}
