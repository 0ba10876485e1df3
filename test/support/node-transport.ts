import net from 'node:net'
import tls from 'node:tls'
import { performance } from 'node:perf_hooks'
import type { Connection, ConnectOutcome, Transport } from '../../lib/exchange/index.ts'

const reasonsByCode: Record<string, Extract<ConnectOutcome, { ok: false }>['reason']> = {
  ECONNREFUSED: 'connect_refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'connect_timeout',
}

/** The exchange's transport over Node's own sockets: to run it against a real server. */
export function createNodeTransport(): Transport {
  const now = () => performance.now()
  return {
    now,
    setTimer: (fn, ms) => setTimeout(fn, ms),
    clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
    holdMs: 0,
    gatherMs: 0,
    connect(target) {
      return new Promise((resolve) => {
        const startMs = now()
        const { host, port } = target
        const socket = target.tls
          ? tls.connect({ host, port, servername: host })
          : net.connect({ host, port })
        socket.setNoDelay(true)
        socket.once('error', (error: NodeJS.ErrnoException) => {
          resolve({
            ok: false,
            reason: reasonsByCode[error.code ?? ''] ?? 'connect_failed',
            message: error.message,
          })
        })
        socket.once(target.tls ? 'secureConnect' : 'connect', () => {
          resolve({
            ok: true,
            connection: connectionOf(socket, now),
            connectingMs: now() - startMs,
          })
        })
      })
    },
  }
}

function connectionOf(socket: net.Socket, now: () => number): Connection {
  let open = true
  const connection: Connection = {
    events: { onData() {}, onError() {}, onClose() {} },
    clock: 'handler',
    get open() {
      return open
    },
    close() {
      open = false
      socket.destroy()
    },
    detach: () => false,
    attach: () => false,
    send: (payload) =>
      new Promise((resolve, reject) => {
        socket.write(payload, 'utf8', (error) => (error ? reject(error) : resolve(now())))
      }),
  }
  socket.on('data', (bytes) => connection.events.onData(bytes.toString('latin1'), [0, now()]))
  socket.on('error', (error) => {
    open = false
    connection.events.onError(error.message)
  })
  socket.on('end', () => {
    open = false
  })
  socket.on('close', () => {
    open = false
    connection.events.onClose()
  })
  return connection
}
