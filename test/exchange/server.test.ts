import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSession, timingsOf } from '../../lib/exchange/index.ts'
import { openaiChat } from '../../lib/protocols/index.ts'
import { createNodeTransport } from '../../cli/ask/transport.ts'
import { chatFrame, sse } from '../support/wire.ts'

/** Against Node's own HTTP server: the bytes of somebody else's implementation. */
const gapMs = 20
let mode: 'good' | 'die' = 'good'
const server = http.createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(sse(chatFrame({ role: 'assistant', content: '' })))
    let n = 0
    const timer = setInterval(() => {
      n++
      if (n <= 5) response.write(sse(chatFrame({ content: ` wörd${n}` })))
      if (n === 3 && mode === 'die') request.socket.resetAndDestroy()
      if (n <= 5) return
      clearInterval(timer)
      response.write(sse({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 5 } }))
      response.end(sse('[DONE]'))
    }, gapMs)
    response.on('close', () => clearInterval(timer))
  })
})

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => void server.close(resolve)))

function session() {
  return createSession({
    transport: createNodeTransport(),
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false },
    basePath: '/v1',
    protocol: openaiChat,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: {},
  })
}

const request = {
  request: { prompt: 'héllo' },
  dueMs: undefined,
  startMs: 0,
  deadlines: { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000, wholeMs: 20_000 },
  collectText: true,
}

test('two answers over one connection, figures in order', async () => {
  mode = 'good'
  const client = session()
  for (const reusedConnection of [false, true]) {
    const result = await client.request(request)
    expect(result).toMatchObject({
      outcome: 'completed',
      outputTokens: 5,
      tokenSource: 'usage',
      reusedConnection,
      text: ' wörd1 wörd2 wörd3 wörd4 wörd5',
    })
    const figures = timingsOf(result)
    // Timers never fire early: lower bounds hold on the busiest machine.
    expect(figures.ttftMs).toBeGreaterThan(gapMs - 2)
    expect(figures.e2eMs).toBeGreaterThan(5 * gapMs - 2)
    expect(figures.streamMs).toBeGreaterThanOrEqual(figures.e2eMs!)
  }
  client.close()
})

test('a real reset, a refused connection', async () => {
  mode = 'die'
  const client = session()
  const cut = await client.request(request)
  expect(cut.outcome).toBe('truncated')
  expect(cut.outputTokens).toBeLessThanOrEqual(3)
  const refused = createSession({
    transport: createNodeTransport(),
    target: { host: '127.0.0.1', port: 1, tls: false },
    basePath: '',
    protocol: openaiChat,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: {},
  })
  expect(await refused.request(request)).toMatchObject({
    outcome: 'connect_error',
    reason: 'connect_refused',
  })
})
