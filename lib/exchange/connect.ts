import type { ConnectOutcome, Target, Transport } from './types.ts'

/** @returns the value of the `host` header: the port only where it is not the scheme's own */
export function hostHeader({ host, port, tls }: Target): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return port === (tls ? 443 : 80) ? name : `${name}:${port}`
}

/**
 * No transport may hang a request; a connection that comes too late is closed.
 *
 * @param holdMs longest time for which the connection may hold bytes, where it would hold them longer
 */
export function connectWithin(
  transport: Transport,
  target: Target,
  limitMs: number,
  holdMs?: number,
): Promise<ConnectOutcome> {
  return new Promise((resolve) => {
    let waiting = true
    const timer = transport.setTimer(() => {
      waiting = false
      resolve({
        ok: false,
        reason: 'connect_timeout',
        message: `no connection within ${limitMs} ms`,
      })
    }, limitMs)
    const settle = (outcome: ConnectOutcome) => {
      if (waiting) {
        waiting = false
        transport.clearTimer(timer)
        resolve(outcome)
      } else if (outcome.ok) outcome.connection.close()
    }
    transport.connect(target, holdMs).then(settle, (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      settle({ ok: false, reason: 'connect_failed', message })
    })
  })
}
