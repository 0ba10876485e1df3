/**
 * What one request costs without its tokens, step by step: prompt, encoding and exchange, formulas,
 * samples (without k6's own part). No sockets. Runs in k6, because k6's engine is what matters:
 *   npx esbuild scripts/bench/request.ts --bundle --format=esm --target=es2020 --external:k6* \
 *     --alias:stream=./scripts/build/no-stream.mjs --outfile=request.js
 *   k6 run request.js
 */
import { createSession, timingsOf } from '../../lib/exchange/index.ts'
import type { Connection, ExchangeResult, Transport } from '../../lib/exchange/index.ts'
import { eachSample, labelled, windowsOf } from '../../lib/metrics/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import { chat } from '../../lib/workload/index.ts'

export const options = { vus: 1, iterations: 1 }

const tokens = 200
/** What else the machine does only ever adds to the least of them. */
const groups = 25
const inGroup = 40

const workload = chat({
  load: { seed: 1 },
  inputTokens: { kind: 'constant', value: 100 },
  outputTokens: { kind: 'constant', value: tokens },
  ignoreEos: 'auto',
} as never)
const windows = windowsOf([
  { name: 'warmup', measured: false, startMs: 0, endMs: 1000 },
  { name: 'steady', measured: true, startMs: 1000, endMs: 10_000 },
] as never)

const chunk = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n`
const event = (rest: string) =>
  chunk(`data: {"id":"chatcmpl-4f2b0c7a8d9e4b0c9a1b","object":"chat.completion.chunk",${rest}}\n\n`)
const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: r-1\r\nTransfer-Encoding: chunked\r\n\r\n'
const stamps = [0, 1000]
const answer = answerOf(tokens)

function answerOf(count: number): string {
  let text = head
  for (let i = 0; i < count; i++) {
    if (count === tokens) stamps.push(text.length, 1100 + i * 10)
    text += event('"choices":[{"index":0,"delta":{"content":" token"},"finish_reason":null}]')
  }
  text += event('"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":200}')
  return `${text}${chunk('data: [DONE]\n\n')}0\r\n\r\n`
}

function session() {
  const connection: Connection = {
    events: { onData() {}, onError() {}, onClose() {} },
    open: true,
    clock: 'socket',
    close() {},
    detach: () => true,
    attach: () => true,
    send() {
      sent = true
      return Promise.resolve(1000)
    },
  }
  let sent = false
  const transport: Transport = {
    now: () => 1000,
    setTimer: () => 0,
    clearTimer() {},
    holdMs: 0,
    gatherMs: 0,
    connect: () => Promise.resolve({ ok: true, connection, connectingMs: 0 }),
  }
  const made = createSession({
    transport,
    target: { host: 'h', port: 1, tls: false },
    basePath: '/v1',
    protocol: protocols['chat']!,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: { authorization: 'Bearer x' },
  })
  return { made, connection, isSent: () => sent, forget: () => (sent = false) }
}

/** A VU keeps its session: its decoders are made once. */
const kept = session()

async function exchange(request: never, text: string): Promise<ExchangeResult> {
  const { made, connection, isSent, forget } = kept
  forget()
  const done = made.request({
    request,
    dueMs: undefined,
    startMs: 999,
    deadlines: { connectMs: 1, firstTokenMs: 1, idleMs: 1, wholeMs: 1 },
    collectText: false,
  })
  while (!isSent()) await Promise.resolve()
  connection.events.onData(text, text === answer ? stamps : [0, 1000])
  return done
}

async function least(name: string, step: (n: number) => unknown): Promise<void> {
  let leastMs = Infinity
  for (let group = 0; group < groups; group++) {
    const before = Date.now()
    for (let i = 0; i < inGroup; i++) await step(group * inGroup + i)
    leastMs = Math.min(leastMs, Date.now() - before)
  }
  console.log(`${name.padEnd(36)} ${((leastMs * 1000) / inGroup).toFixed(0).padStart(6)} us`)
}

export default async function run(): Promise<void> {
  const { request } = workload.request(1, { salt: 's' })
  await least('prompt', (n) => workload.request(n, { salt: 's' }))
  await least('exchange, answer of one event', () =>
    exchange(request as never, `${head}${chunk('data: [DONE]\n\n')}0\r\n\r\n`),
  )
  for (const few of [1, 5]) {
    await least(`exchange, answer of ${few} tokens`, () =>
      exchange(request as never, answerOf(few)),
    )
  }
  await least(`exchange, answer of ${tokens} tokens`, () => exchange(request as never, answer))
  const result = await exchange(request as never, answer)
  if (result.outcome !== 'completed') throw new Error(`${result.outcome}: ${result.message}`)
  await least('formulas', () => timingsOf(result))
  const timings = timingsOf(result)
  let samples = 0
  for (const gapSampling of [0.001, 0.1, 1]) {
    await least(`samples, ${gapSampling * 100} % of the gaps`, () => {
      const labels = { phase: 'steady', measured: 'true', app: 'chat', model: 'm' }
      const context = { windows, slice: '1', limits: {}, gapSampling, random: Math.random }
      eachSample(
        result,
        timings,
        context as never,
        labelled(labels, () => samples++),
      )
    })
  }
}
