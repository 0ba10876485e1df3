import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { faultKinds, startSimulator } from '../../simulator/index.ts'
import type { FormatName, Simulator } from '../../simulator/index.ts'
import { bodyOf } from './ask.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({ ttftMs: 2, tpotMs: 1 })
})
afterAll(() => sim.close())

interface Connection {
  /** Sends one request; the next ones keep the connection. */
  send(format: FormatName, fault: string): void
  /** Everything that came, once `pattern` is in it or the connection is gone. */
  until(pattern: RegExp): Promise<string>
  /** How the connection ended. */
  readonly end: string | undefined
  close(): void
}

function connect(): Connection {
  const socket = net.connect(sim.port, '127.0.0.1')
  let text = ''
  let end: string | undefined
  socket.on('data', (read) => (text += read.toString()))
  socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code))
  socket.on('close', () => (end ??= 'closed'))
  return {
    send(format, fault) {
      const { path, body } = bodyOf(format, 3)
      const json = JSON.stringify(body)
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: a\r\nx-sim-fault: ${fault}\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
      )
    },
    async until(pattern) {
      for (let i = 0; i < 1000 && !pattern.test(text) && end === undefined; i++)
        await new Promise((resolve) => setTimeout(resolve, 5))
      return text
    },
    get end() {
      return end
    },
    close: () => socket.destroy(),
  }
}

/** The end of a whole answer: its last chunk, or JSON of a known length. */
const over = /0\r\n\r\n$|"usage":\{[^}]*\}\}$/
const never = /^\b$/

const every = faultKinds['reset-early'].formats

describe.each(every)('%s', (format) => {
  it('reset-early: the request is read, then a reset without a byte', async () => {
    const connection = connect()
    connection.send(format, 'reset-early=20')
    expect(await connection.until(never)).toBe('')
    expect(connection.end).toBe('ECONNRESET')
  })
  it('reset-reused: the first request is answered, the second reset', async () => {
    const connection = connect()
    connection.send(format, 'reset-reused=20')
    const first = await connection.until(over)
    expect(first).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(connection.end).toBeUndefined()
    connection.send(format, 'reset-reused=20')
    expect(await connection.until(never)).toBe(first)
    expect(connection.end).toBe('ECONNRESET')
  })
  it('close-unsaid: closed after the answer, though its head says otherwise', async () => {
    const connection = connect()
    connection.send(format, 'close-unsaid')
    const answer = await connection.until(never)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toMatch(over)
    expect(answer.toLowerCase()).not.toContain('connection: close')
    expect(connection.end).toBe('closed')
  })
  it('unasked-answer: a second one follows the first', async () => {
    const connection = connect()
    connection.send(format, 'unasked-answer')
    const answer = await connection.until(/nobody asked for/)
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
    connection.close()
  })
})
