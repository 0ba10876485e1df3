import net from 'node:net'
import { performance } from 'node:perf_hooks'
import tls from 'node:tls'
import { tlsFault } from '../../lib/exchange/index.ts'
import type { Connection, ConnectOutcome, Transport } from '../../lib/exchange/index.ts'

/** What `tls.connect` takes beside the address; names that lead elsewhere than DNS says. */
export interface SocketOptions {
  tls?: Pick<tls.ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>
  hosts?: Readonly<Record<string, string>>
}

type Reason = Extract<ConnectOutcome, { ok: false }>['reason']

/** Node's and OpenSSL's codes; what is missing here is told by the message. */
const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connect_refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'connect_timeout',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_unknown_authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_unknown_authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_unknown_authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_unknown_authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_unknown_authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name_mismatch',
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_expired',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls_client_certificate',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls_handshake',
}

/** The exchange's transport over Node's own sockets: what asks a server without k6. */
export function createNodeTransport(options: SocketOptions = {}): Transport {
  const now = () => performance.now()
  return {
    now,
    setTimer: (fn, ms) => setTimeout(fn, Math.min(ms, 2 ** 31 - 1)),
    clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
    holdMs: 0,
    gatherMs: 0,
    connect(target) {
      return new Promise((resolve) => {
        const startMs = now()
        const { port } = target
        const host = options.hosts?.[target.host] ?? target.host
        const socket = target.tls
          ? tls.connect({ host, port, ...serverName(target.host), ...options.tls })
          : net.connect({ host, port })
        socket.setNoDelay(true)
        socket.once('error', (error: NodeJS.ErrnoException) => {
          resolve({ ok: false, reason: reasonOf(error), message: error.message })
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

/** TLS names servers by name only. */
function serverName(host: string): { servername?: string } {
  return net.isIP(host) === 0 ? { servername: host } : {}
}

function reasonOf({ code = '', message }: NodeJS.ErrnoException): Reason {
  const tlsReason = /SSL|TLS|EPROTO/.test(code) ? 'tls_handshake' : undefined
  return REASONS[code] ?? tlsFault(message) ?? tlsReason ?? 'connect_failed'
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
