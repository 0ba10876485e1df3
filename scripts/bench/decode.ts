/**
 * What reading one streamed token costs, from a delivered byte string to the kept numbers: HTTP/1.1,
 * SSE, chat frames and the exchange's marks, without sockets. Runs in k6 (its engine is what counts)
 * or in Node:
 *   npx esbuild scripts/bench/decode.ts --bundle --format=esm --target=es2020 --external:k6* --outfile=decode.js
 *   k6 run decode.js
 */
import { createSession } from '../../lib/exchange/index.ts'
import type { Connection, Transport } from '../../lib/exchange/index.ts'
import { protocols } from '../../lib/protocols/index.ts'

export const options = { vus: 1, iterations: 1 }

const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n`
const lead =
  '"id":"chatcmpl-4f2b0c7a8d9e4b0c9a1b2c3d4e5f6071","object":"chat.completion.chunk","created":1716900000,"model":"meta-llama/Llama-3.1-8B-Instruct"'
const words = [
  ' the',
  ' a',
  ' streaming',
  ' token',
  ',',
  ' and',
  ' of',
  ' inference',
  ' is',
  '.\\n',
]
const usage = (n: number) =>
  `"usage":{"prompt_tokens":512,"total_tokens":${512 + n},"completion_tokens":${n}}`

type Frame = (word: string, n: number) => string
const frames: Record<string, Frame> = {
  chat: (word) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}]}\n\n`,
  'chat, UTF-8': (word) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"${word}\xe4\xb8\xad"},"logprobs":null,"finish_reason":null}]}\n\n`,
  'chat, quotes in the text': (word) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"\\"${word}\\""},"logprobs":null,"finish_reason":null}]}\n\n`,
  'chat, CRLF': (word) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}]}\r\n\r\n`,
  'chat, continuous usage': (word, n) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}],${usage(n)}}\n\n`,
  'chat, obfuscation': (word, n) =>
    `data: {${lead},"choices":[{"index":0,"delta":{"content":"${word}"},"finish_reason":null}],"obfuscation":"${'x'.repeat(n % 9)}"}\n\n`,
}

/** One answer of `tokens` tokens as deliveries of `each` tokens. */
function deliveries(frame: Frame, tokens: number, each: number): string[] {
  const found: string[] = []
  for (let n = 0; n < tokens; n += each) {
    let text = n === 0 ? head : ''
    for (let i = n; i < Math.min(tokens, n + each); i++) {
      text += chunk(frame(words[i % words.length]!, i + 1))
    }
    found.push(text)
  }
  const end = `data: {${lead},"choices":[],${usage(tokens)}}\n\n`
  found.push(chunk(end) + chunk('data: [DONE]\n\n') + '0\r\n\r\n')
  return found
}

/** Arrival times as the socket module gives them: one read per token. */
function stampsOf(text: string): number[] {
  const stamps: number[] = []
  for (let at = 0, n = 0; at >= 0; at = text.indexOf('\r\ndata: ', at + 1)) stamps.push(at, n++)
  return stamps
}

/** Least time of a group of requests: what else the machine does only ever adds to it. */
async function measure(name: string, frame: Frame, each: number): Promise<void> {
  const tokens = 200
  const parts = deliveries(frame, tokens, each).map((text) => ({ text, stamps: stampsOf(text) }))
  let leastMs = Infinity
  for (let group = 0; group < groups; group++) {
    let spentMs = 0
    for (let i = 0; i < requestsInGroup; i++) spentMs += await oneRequest(parts, tokens)
    leastMs = Math.min(leastMs, spentMs)
  }
  const us = ((leastMs * 1000) / (requestsInGroup * tokens)).toFixed(2)
  console.log(
    `${name.padEnd(28)} ${String(each).padStart(3)} a delivery  ${us.padStart(7)} us/token`,
  )
}

const groups = 15
const requestsInGroup = 8

async function oneRequest(
  parts: readonly { text: string; stamps: readonly number[] }[],
  tokens: number,
): Promise<number> {
  const connection: Connection = {
    events: { onData() {}, onError() {}, onClose() {} },
    open: true,
    clock: 'socket',
    close() {},
    detach: () => true,
    attach: () => true,
    send: () => Promise.resolve(0),
  }
  const transport: Transport = {
    now: () => 0,
    setTimer: () => 0,
    clearTimer() {},
    holdMs: 0,
    gatherMs: 0,
    connect: () => Promise.resolve({ ok: true, connection, connectingMs: 0 }),
  }
  const session = createSession({
    transport,
    target: { host: 'h', port: 1, tls: false },
    basePath: '/v1',
    protocol: protocols['chat']!,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: {},
  })
  const done = session.request({
    request: { prompt: 'x' },
    dueMs: 0,
    startMs: 0,
    deadlines: { connectMs: 1, firstTokenMs: 1, idleMs: 1, wholeMs: 1 },
    collectText: false,
  })
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  const before = Date.now()
  for (const { text, stamps } of parts) connection.events.onData(text, stamps)
  const spentMs = Date.now() - before
  const result = await done
  if (result.outcome !== 'completed' || result.chunks !== tokens) {
    throw new Error(`${result.outcome} with ${result.chunks} chunks: ${result.message}`)
  }
  return spentMs
}

export default async function run(): Promise<void> {
  for (const each of [1, 10, 20]) await measure('chat', frames['chat']!, each)
  for (const name of Object.keys(frames).slice(1)) await measure(name, frames[name]!, 10)
}
