import { describe, expect, test } from 'vitest'
import {
  AnswerFault,
  createSession,
  reasons,
  timingsOf,
  verdict,
} from '../../lib/exchange/index.ts'
import type { ConnectOutcome, ExchangeRequest, ExchangeResult } from '../../lib/exchange/index.ts'
import { openaiChat } from '../../lib/protocols/index.ts'
import { createFakeTransport } from '../support/fake-transport.ts'
import type { FakeServer, Step } from '../support/fake-transport.ts'
import { valuesOf } from '../support/results.ts'
import {
  chunk,
  doneChunk,
  finishChunk,
  lastChunk,
  okHead,
  plain,
  roleChunk,
  sse,
  tokenChunk,
  usageChunk,
} from '../support/wire.ts'

const deadlines = { connectMs: 500, firstTokenMs: 2000, idleMs: 1000, wholeMs: 10_000 }

function open(
  server: FakeServer,
  stream = true,
  body?: Record<string, unknown>,
  leavesOpen = false,
) {
  const fake = createFakeTransport(server)
  const session = createSession({
    transport: fake.transport,
    target: { host: 'gpu', port: 8000, tls: false },
    basePath: '/v1',
    protocol: openaiChat,
    encode: { model: 'm', stream, includeUsage: true },
    headers: { authorization: 'Bearer very-secret-key' },
    body,
    leavesOpen,
  })
  const request = (more: Partial<ExchangeRequest> = {}) =>
    fake.run(
      session.request({
        request: { prompt: 'hi' },
        dueMs: undefined,
        startMs: 1000,
        deadlines,
        collectText: true,
        ...more,
      }),
    )
  return { ...fake, session, request }
}

const once = (steps: Step[], more: Partial<FakeServer> = {}) =>
  open({ answer: () => steps, ...more })

const data = (text: string, afterMs = 0): Step => ({ afterMs, data: text })
const tokens = (n: number, everyMs = 10): Step[] =>
  Array.from({ length: n }, () => data(tokenChunk(), everyMs))
const good: Step[] = [
  data(okHead + roleChunk, 5),
  ...tokens(3, 100),
  data(finishChunk + usageChunk(3) + doneChunk + lastChunk, 10),
]

/** After any request: nothing armed, and the connection is either kept or closed by us. */
function expectTidy(run: { openTimers(): number }) {
  expect(run.openTimers()).toBe(0)
}

test('a streamed answer: marks, tokens, text, figures', async () => {
  const run = once(good)
  const result = await run.request({ dueMs: 990 })
  expect(result).toMatchObject({
    outcome: 'completed',
    reason: '',
    httpStatus: 200,
    usage: { input: 7, output: 3 },
    tokenSource: 'usage',
    outputTokens: 3,
    chunks: 3,
    chunkTimesMs: [1106, 1206, 1306],
    finishReason: 'stop',
    text: ' word word word',
    reusedConnection: false,
    clock: 'socket',
    hiddenReasoning: false,
    marks: {
      dueMs: 990,
      startMs: 1000,
      connectingMs: 1,
      sentMs: 1001,
      headersMs: 1006,
      firstByteMs: 1006,
      firstTokenMs: 1106,
      firstAnswerMs: 1106,
      lastTokenMs: 1306,
      endMs: 1316,
    },
  })
  expect(timingsOf(result)).toMatchObject({
    ttfbMs: 5,
    ttftMs: 105,
    tpotMs: 100,
    e2eMs: 305,
    streamMs: 315,
    latenessMs: 10,
  })
  expectTidy(run)
})

test('the request as it goes out', async () => {
  const run = once(good)
  await run.request()
  const payload = run.connections[0]!.payloads[0]!
  expect(payload).toMatch(/^POST \/v1\/chat\/completions HTTP\/1.1\r\nhost: gpu:8000\r\n/)
  expect(payload).toContain('\r\naccept: text/event-stream\r\n')
  expect(payload).toContain('\r\nauthorization: Bearer very-secret-key\r\n')
})

test('fields of the body are merged and dropped as asked', async () => {
  const patch = { max_tokens: null, stream_options: { own: 1 }, user: 'é' }
  const run = open({ answer: () => good }, true, patch)
  await run.request({ request: { prompt: 'hi', maxTokens: 5 } })
  const [head = '', body = ''] = run.connections[0]!.payloads[0]!.split('\r\n\r\n')
  expect(JSON.parse(body)).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    stream: true,
    stream_options: { include_usage: true, own: 1 },
    user: 'é',
  })
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
})

type Row = [name: string, steps: Step[], expected: Partial<ExchangeResult>]

describe('every way to fail is data', () => {
  const stream = okHead + roleChunk
  test.each<Row>([
    [
      'reset in the middle',
      [data(stream), ...tokens(2), { afterMs: 5, reset: 'read: connection reset by peer' }],
      {
        outcome: 'truncated',
        reason: 'connection_reset',
        chunks: 2,
        outputTokens: 2,
        tokenSource: 'chunks',
      },
    ],
    [
      'closed inside the body',
      [data(stream), ...tokens(2), { afterMs: 5, close: true }],
      { outcome: 'truncated', reason: 'body_cut', chunks: 2 },
    ],
    [
      'ended without [DONE] or finish reason',
      [data(stream), ...tokens(2), data(lastChunk)],
      {
        outcome: 'truncated',
        reason: 'no_terminator',
        chunks: 2,
        message: 'the answer ended without data: [DONE]',
      },
    ],
    [
      'error event in a 200',
      [
        data(stream),
        ...tokens(2),
        data(
          chunk(sse({ error: { message: 'CUDA out of memory', type: 'InternalServerError' } })) +
            doneChunk +
            lastChunk,
        ),
      ],
      {
        outcome: 'stream_error',
        reason: 'error_event',
        chunks: 2,
        message: 'InternalServerError: CUDA out of memory',
      },
    ],
    [
      'error event, and then silence',
      [data(stream), data(chunk(sse({ error: 'boom' })))],
      { outcome: 'stream_error', reason: 'error_event', chunks: 0 },
    ],
    [
      '429 with Retry-After',
      [
        data(
          plain('429 Too Many Requests', '{"error":{"message":"slow down"}}', 'Retry-After: 7\r\n'),
        ),
      ],
      {
        outcome: 'http_error',
        reason: 'http_429',
        httpStatus: 429,
        retryAfterS: 7,
        message: 'slow down',
      },
    ],
    [
      '500 in plain text',
      [data(plain('500 Internal Server Error', 'oh\n no'))],
      { outcome: 'http_error', reason: 'http_500', message: 'oh no' },
    ],
    [
      '500 without a body',
      [data(plain('500 Internal Server Error', ''))],
      { outcome: 'http_error', reason: 'http_500', message: 'Internal Server Error' },
    ],
    [
      '502 compressed',
      [data(plain('502 Bad Gateway', 'x', 'Content-Encoding: gzip\r\n'))],
      { outcome: 'http_error', reason: 'http_502' },
    ],
    [
      '503 whose body is cut',
      [data('HTTP/1.1 503 Busy\r\nContent-Length: 99\r\n\r\nload'), { afterMs: 1, close: true }],
      { outcome: 'http_error', reason: 'http_503', message: 'load' },
    ],
    [
      '503 whose body never ends',
      [data('HTTP/1.1 503 Busy\r\nContent-Length: 99\r\n\r\nload')],
      { outcome: 'http_error', reason: 'http_503', message: 'load' },
    ],
    [
      'a redirect',
      [data(plain('307 Temporary Redirect', '', 'Location: /elsewhere\r\n'))],
      { outcome: 'http_error', reason: 'http_307', message: 'to /elsewhere' },
    ],
    [
      'no generated token',
      [data(stream + finishChunk + usageChunk(0) + doneChunk + lastChunk)],
      { outcome: 'empty', reason: 'empty_answer', outputTokens: 0 },
    ],
    [
      'JSON instead of a stream',
      [data(plain('200 OK', '{"choices":[]}', 'Content-Type: application/json\r\n'))],
      { outcome: 'stream_error', reason: 'not_streaming' },
    ],
    [
      'a web page',
      [data(plain('200 OK', '<html><title>Login</title></html>', 'Content-Type: text/html\r\n'))],
      {
        outcome: 'stream_error',
        reason: 'not_streaming',
        message: 'an HTML page, not a stream: Login',
      },
    ],
    [
      'an error as JSON in a 200',
      [
        data(
          plain(
            '200 OK',
            '{"error":{"message":"no such model"}}',
            'Content-Type: application/json\r\n',
          ),
        ),
      ],
      { outcome: 'stream_error', reason: 'error_event', message: 'no such model' },
    ],
    [
      'not HTTP',
      [data('SSH-2.0-OpenSSH_9.2\r\n')],
      { outcome: 'stream_error', reason: 'bad_http' },
    ],
    [
      'bad chunk in the middle',
      [data(stream), ...tokens(1), data('zz\r\n')],
      { outcome: 'stream_error', reason: 'bad_http', chunks: 1 },
    ],
    [
      'compressed',
      [data('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n')],
      { outcome: 'stream_error', reason: 'content_encoding' },
    ],
    [
      'closed before the answer',
      [{ afterMs: 5, close: true }],
      { outcome: 'connect_error', reason: 'closed_before_answer' },
    ],
    [
      'reset before the answer',
      [{ afterMs: 5, reset: 'reset' }],
      { outcome: 'connect_error', reason: 'connection_reset' },
    ],
    ['silence', [], { outcome: 'timeout', reason: 'first_token_timeout', chunks: 0 }],
    [
      'headers and pings only',
      [data(stream), ...Array.from({ length: 30 }, () => data(chunk(': ping\n\n'), 100))],
      { outcome: 'timeout', reason: 'first_token_timeout', chunks: 0 },
    ],
    [
      'stall',
      [data(stream), ...tokens(3)],
      { outcome: 'timeout', reason: 'idle_timeout', chunks: 3, outputTokens: 3 },
    ],
    [
      'an answer without end',
      [data(stream), ...tokens(200, 100)],
      { outcome: 'timeout', reason: 'whole_timeout' },
    ],
  ])('%s', async (_, steps, expected) => {
    const run = once(steps)
    const result = await run.request()
    expect(result).toMatchObject(expected)
    const known: readonly string[] = reasons[result.outcome]
    if (result.outcome !== 'http_error') expect(known).toContain(result.reason)
    const figures = valuesOf(timingsOf(result))
    const { latenessMs: _l, connectingMs: _c, iclMs, itlMs, ...latencies } = figures
    expect(Object.values(latencies).every((value) => value === undefined)).toBe(true)
    expect([...iclMs, ...itlMs]).toEqual([])
    expectTidy(run)
  })

  test.each<[string, FakeServer['connect'], Partial<ExchangeResult>]>([
    [
      'refused',
      () => ({ afterMs: 1, outcome: fail('connect_refused', 'dial tcp: refused') }),
      { outcome: 'connect_error', reason: 'connect_refused', message: 'dial tcp: refused' },
    ],
    [
      'unknown host',
      () => ({ afterMs: 1, outcome: fail('dns', 'no such host') }),
      { outcome: 'connect_error', reason: 'dns' },
    ],
    [
      'the transport times out',
      () => ({ afterMs: 500, outcome: fail('connect_timeout', 'i/o timeout') }),
      { outcome: 'timeout', reason: 'connect_timeout' },
    ],
    [
      'the transport never answers',
      () => 'never',
      { outcome: 'timeout', reason: 'connect_timeout' },
    ],
    [
      'the transport throws',
      () => 'reject',
      { outcome: 'connect_error', reason: 'connect_failed', message: 'the module threw' },
    ],
  ])('connecting: %s', async (_, connect, expected) => {
    const run = open({ answer: () => good, connect: connect! })
    expect(await run.request()).toMatchObject({ ...expected, chunks: 0, tokenSource: 'none' })
    expectTidy(run)
  })

  test.each([
    [0, { outcome: 'timeout', reason: 'first_token_timeout' }],
    [250, { outcome: 'completed' }],
  ])(
    'a first token in time, handed over after its deadline: held for %s ms',
    async (holdMs, expected) => {
      const held: Step = { ...data(tokenChunk(), 2200), readOffsets: [[0, 210]] }
      const end = data(finishChunk + usageChunk(1) + doneChunk + lastChunk, 10)
      const run = once([data(okHead + roleChunk), held, end], { holdMs })
      expect(await run.request()).toMatchObject(expected)
      expectTidy(run)
    },
  )

  test.each([
    ['socket', { outcome: 'timeout', reason: 'first_token_timeout' }],
    ['handler', { outcome: 'completed' }],
  ] as const)(
    'a first token after its deadline, before the second look at it: stamped by the %s',
    async (clock, expected) => {
      const late = data(okHead + tokenChunk() + finishChunk + doneChunk + lastChunk, 2100)
      const run = once([late], { clock, holdMs: 250 })
      expect(await run.request()).toMatchObject(expected)
      expectTidy(run)
    },
  )

  test('a connection that opens after its deadline is closed', async () => {
    const run = open({ answer: () => good, connect: () => ({ afterMs: 2000 }) })
    expect(await run.request()).toMatchObject({ reason: 'connect_timeout' })
    await run.advance(3000)
    expect(run.connections.map((one) => one.open)).toEqual([false])
  })

  test('sending fails, or never ends', async () => {
    const failing = once([], { send: { reject: 'write: broken pipe' } })
    expect(await failing.request()).toMatchObject({
      outcome: 'connect_error',
      reason: 'connection_reset',
      message: 'write: broken pipe',
    })
    expectTidy(failing)
    const hanging = once([], { send: 'never' })
    expect(await hanging.request()).toMatchObject({
      outcome: 'timeout',
      reason: 'whole_timeout',
      marks: { sentMs: undefined },
    })
    expectTidy(hanging)
  })

  test.each([{ afterMs: 107 }, { reject: 'write: broken pipe', afterMs: 107 }])(
    'the engine tells of a request only when the next one is out: %j',
    async (late) => {
      const run = open({
        answer: (_, __, connection) => (connection === 1 ? [] : good),
        send: (connection) => (connection === 1 ? late : undefined),
      })
      const given = { ...deadlines, wholeMs: 100 }
      expect(await run.request({ deadlines: given })).toMatchObject({ reason: 'whole_timeout' })
      const beganMs = run.transport.now()
      expect(await run.request()).toMatchObject({
        outcome: 'completed',
        marks: { sentMs: beganMs + 1 },
      })
      expectTidy(run)
    },
  )

  test.each([
    ['that is answered', good, { outcome: 'completed', chunks: 3 }],
    ['that is not', [], { reason: 'first_token_timeout', chunks: 0 }],
  ])('a request that its iteration cut off leaves nothing to one %s', async (_, then, expected) => {
    const run = open({
      answer(_, __, connection) {
        if (connection === 1) return good.slice(0, 3)
        run.connections[0]!.events.onClose()
        return then
      },
      clock: 'handler',
      gatherMs: 500,
    })
    const cut = run.session.request({
      request: { prompt: 'hi' },
      dueMs: undefined,
      startMs: 1000,
      deadlines,
      collectText: true,
    })
    await run.advance(250)
    run.cutOff()
    expect(await run.request()).toMatchObject(expected)
    expectTidy(run)
    expect(await Promise.race([cut, Promise.resolve('open')])).toBe('open')
  })

  test('a request that cannot be encoded sends nothing', async () => {
    const run = once(good)
    const result = await run.request({ request: {} })
    expect(result).toMatchObject({ outcome: 'aborted', reason: 'not_encodable' })
    expect(run.connections).toHaveLength(0)
  })
})

function fail(
  reason: Extract<ConnectOutcome, { ok: false }>['reason'],
  message: string,
): ConnectOutcome {
  return { ok: false, reason, message }
}

describe('true times', () => {
  test('headers and a role chunk at once are no token', async () => {
    const run = once([
      data(okHead + roleChunk, 1),
      ...tokens(2, 100),
      data(doneChunk + lastChunk, 10),
    ])
    const figures = timingsOf(await run.request())
    expect(figures).toMatchObject({ ttfbMs: 1, ttftMs: 101 })
  })

  test('reads that came in one delivery keep their own times', async () => {
    const reads = [tokenChunk('a'), tokenChunk('b'), tokenChunk('c') + doneChunk + lastChunk]
    const delivery = reads.join('')
    const run = once([
      data(okHead, 1),
      {
        afterMs: 200,
        data: delivery,
        readOffsets: [
          [0, 150],
          [reads[0]!.length, 100],
          [reads[0]!.length + reads[1]!.length, 50],
        ],
      },
    ])
    const result = await run.request()
    expect(result.chunkTimesMs).toEqual([1052, 1102, 1152])
    expect(result.marks.endMs).toBe(1152)
  })

  test('bytes dribbled one at a time', async () => {
    const wire =
      okHead +
      roleChunk +
      tokenChunk('é') +
      tokenChunk('😀') +
      usageChunk(2) +
      doneChunk +
      lastChunk
    // The fake server encodes: cut the text where no surrogate pair is cut, and the bytes below.
    const bytes = [...wire].flatMap((character) => data(character, 1))
    const result = await once(bytes).request()
    expect(result).toMatchObject({ outcome: 'completed', chunks: 2, text: 'é😀' })
  })

  test('the answer is here before the engine says that the request was sent', async () => {
    const all = good.map((step) => ('data' in step ? step.data : '')).join('')
    const run = once([data(all, 5)], { send: { afterMs: 20 } })
    const result = await run.request()
    expect(result.marks.sentMs).toBe(1021)
    // Marks in the wrong order give no figure.
    expect(timingsOf(result).ttftMs).toBeUndefined()
    expectTidy(run)
  })
})

describe('ends', () => {
  test('[DONE] but the body stays open: complete, at the time of [DONE]', async () => {
    const run = once([data(okHead), ...tokens(2), data(doneChunk, 10)])
    const result = await run.request()
    expect(result).toMatchObject({ outcome: 'completed', marks: { endMs: 1031 } })
    expect(run.connections[0]!.closedByClient).toBe(true)
    expectTidy(run)
  })

  test('[DONE] and pings without end: no request waits for them', async () => {
    const pings = Array.from({ length: 100 }, () => data(chunk(': ping\n\n'), 10))
    const run = once([data(okHead), ...tokens(2), data(doneChunk, 10), ...pings])
    for (const took of [31 + 50, 31]) {
      const beganMs = run.transport.now()
      expect(await run.request()).toMatchObject({ outcome: 'completed', notes: ['left_open'] })
      expect(run.transport.now() - beganMs).toBe(took)
    }
    // Nor for a module that gathers reads.
    expect(run.holdsMs).toEqual([undefined, 50])
    expectTidy(run)
  })

  test('bodies known to be left open are not waited for from the first request on', async () => {
    const answer = () => [data(okHead), ...tokens(2), data(doneChunk, 10)]
    const run = open({ answer }, true, undefined, true)
    const beganMs = run.transport.now()
    expect(await run.request()).toMatchObject({ outcome: 'completed', notes: ['left_open'] })
    expect(run.transport.now() - beganMs).toBe(31)
    expect(run.holdsMs).toEqual([50])
    expectTidy(run)
  })

  test('[DONE] and the end of the body in a later read: the connection is kept', async () => {
    const run = once([data(okHead), ...tokens(2), data(doneChunk, 10), data(lastChunk, 20)])
    await run.request()
    expect(await run.request()).toMatchObject({ reusedConnection: true, notes: [] })
  })

  test('[DONE] and a reset behind it: complete', async () => {
    const run = once([data(okHead), ...tokens(2), data(doneChunk), { afterMs: 3, reset: 'reset' }])
    expect(await run.request()).toMatchObject({ outcome: 'completed' })
  })

  test('a body that ends with the connection', async () => {
    const close = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
    const run = once([
      data(close + sse({ choices: [{ delta: { content: 'a' } }] })),
      data('data: [DONE]'),
      { afterMs: 1, close: true },
    ])
    expect(await run.request()).toMatchObject({ outcome: 'completed', chunks: 1 })
  })

  test('a user who leaves after so many chunks, or so many ms', async () => {
    const steps = [data(okHead), ...tokens(50), data(doneChunk + lastChunk)]
    const byChunks = once(steps)
    expect(await byChunks.request({ abortAfter: { chunks: 3 } })).toMatchObject({
      outcome: 'cancelled',
      reason: 'cancelled_by_user',
      chunks: 3,
    })
    expect(byChunks.connections[0]!.closedByClient).toBe(true)
    const byTime = once(steps)
    expect(await byTime.request({ abortAfter: { ms: 105 } })).toMatchObject({
      outcome: 'cancelled',
      chunks: 10,
    })
    expectTidy(byChunks)
    expectTidy(byTime)
  })

  test('an answer that is not streamed: tokens are there at its end', async () => {
    const body = JSON.stringify({
      choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    })
    const run = open(
      { answer: () => [data(plain('200 OK', body, 'Content-Type: application/json\r\n'), 30)] },
      false,
    )
    const result = await run.request()
    expect(result).toMatchObject({
      outcome: 'completed',
      outputTokens: 2,
      tokenSource: 'usage',
      text: 'hi',
    })
    expect(timingsOf(result)).toMatchObject({ ttftMs: undefined, tpotMs: undefined, e2eMs: 30 })
    const bad = open({ answer: () => [data(plain('200 OK', '<html>'))] }, false)
    expect(await bad.request()).toMatchObject({ outcome: 'stream_error', reason: 'bad_json' })
  })
})

describe('connections', () => {
  test('one is used again while both sides keep it', async () => {
    const run = once(good)
    expect(await run.request()).toMatchObject({
      reusedConnection: false,
      marks: { connectingMs: 1 },
    })
    expect(await run.request()).toMatchObject({
      outcome: 'completed',
      reusedConnection: true,
      marks: { connectingMs: undefined },
    })
    expect(run.connections).toHaveLength(1)
    run.session.close()
    expect(run.connections[0]!.closedByClient).toBe(true)
  })

  test('a server that closes gets a new one', async () => {
    const closing = okHead.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
    const run = once([data(closing + tokenChunk() + doneChunk + lastChunk)])
    await run.request()
    expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: false })
    expect(run.connections).toHaveLength(2)
  })

  test('a kept one that was closed meanwhile, or spoke out of turn, is not used', async () => {
    for (const last of [
      { afterMs: 50, close: true },
      { afterMs: 50, data: 'HTTP/1.1 408 Timeout\r\n\r\n' },
    ] as Step[]) {
      const run = open({
        answer: (_, __, connection) => (connection === 1 ? [...good, last] : good),
      })
      await run.request()
      await run.advance(100)
      expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: false })
      run.session.close()
      expect(run.connections.every((one) => !one.open)).toBe(true)
    }
  })

  test('a kept one that dies as it is used again: once more on a new one', async () => {
    const run = open({
      answer: (_, request, connection) =>
        connection === 1 && request === 2 ? [{ afterMs: 1, reset: 'reset' }] : good,
    })
    await run.request()
    const sentMs = run.transport.now()
    const again = await run.request()
    expect(again).toMatchObject({
      outcome: 'completed',
      reusedConnection: false,
      notes: ['resent'],
      // The user has waited since the first sending.
      marks: { sentMs },
    })
    expect(timingsOf(again).ttftMs).toBe(1 + 1 + 105)
    expect(run.connections).toHaveLength(2)
  })

  test('a kept one that dies later than a round trip: the request is lost, and says so', async () => {
    const run = open({
      answer: (_, request, connection) =>
        connection === 1 && request === 2 ? [{ afterMs: 12, reset: 'reset' }] : good,
    })
    await run.request()
    expect(await run.request()).toMatchObject({
      outcome: 'connect_error',
      reason: 'connection_reset',
      reusedConnection: true,
    })
    expect(run.connections).toHaveLength(1)
  })

  describe('of a transport that keeps them by itself', () => {
    const closed = verdict('connect_error', 'closed_before_answer', 'EOF')
    const dying = (failing: number, ended: boolean, tookMs = 1) =>
      open({
        answer: () => good,
        fault: (connection, sentMs) =>
          connection > failing
            ? undefined
            : new AnswerFault(
                closed,
                ended ? { sentMs: sentMs + 1 - tookMs, roundTripMs: 2 } : undefined,
              ),
      })

    test('one that ended as it was used again: once more, timed from the first sending', async () => {
      const run = dying(1, true)
      const sentMs = 1000 + 1
      expect(await run.request()).toMatchObject({
        outcome: 'completed',
        notes: ['resent'],
        marks: { sentMs },
      })
      expectTidy(run)
    })

    test.each([
      ['a second time is a failure', dying(2, true), 2],
      ['nor a new one that ended', dying(1, false), 1],
      ['nor one that ended later than a round trip', dying(1, true, 13), 1],
    ] as const)('%s', async (_, run, tried) => {
      expect(await run.request()).toMatchObject({
        outcome: 'connect_error',
        reason: 'closed_before_answer',
        message: 'EOF',
      })
      expect(run.connections).toHaveLength(tried)
      expectTidy(run)
    })
  })

  test('a new one that dies is not tried again', async () => {
    const run = once([{ afterMs: 1, reset: 'reset' }])
    expect(await run.request()).toMatchObject({ outcome: 'connect_error' })
    expect(run.connections).toHaveLength(1)
  })

  test('a failed answer ends its connection, an HTTP error does not', async () => {
    const errors = once([data(plain('429 Slow', 'x'))])
    await errors.request()
    expect((await errors.request()).reusedConnection).toBe(true)
    const stalls = once([data(okHead), ...tokens(1)])
    await stalls.request()
    expect(stalls.connections[0]!.closedByClient).toBe(true)
  })
})

describe('bytes that came before the request was sent', () => {
  const second = plain('200 OK', 'x')

  test('are no answer to it', async () => {
    // The own module's reads: gathered while nothing was asked, handed over behind the sending.
    const early: Step = { afterMs: 1, data: second, readOffsets: [[0, 20]] }
    const run = open({
      answer: (_, request, connection) => (connection === 1 && request === 2 ? [early] : good),
    })
    await run.request()
    expect(await run.request()).toMatchObject({
      outcome: 'stream_error',
      reason: 'unasked_answer',
      chunks: 0,
    })
    expect(run.connections[0]!.closedByClient).toBe(true)
  })

  test('end the use of a connection whose reads their handlers stamp', async () => {
    const run = open({
      clock: 'handler',
      answer: (_, request, connection) =>
        connection === 1 && request === 1 ? [...good, { afterMs: 0, data: second }] : good,
    })
    await run.request()
    expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: false })
  })
})

describe('the connection at the end of an iteration', () => {
  test('stays for the next one where the engine keeps it', async () => {
    const run = once(good, { keeps: true })
    for (const reusedConnection of [false, true, true]) {
      expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection })
      run.session.release()
      expect(run.connections[0]).toMatchObject({ open: true, detached: true })
    }
    expect(run.connections).toHaveLength(1)
    run.session.close()
    expect(run.connections[0]!.closedByClient).toBe(true)
  })

  test('is closed where the engine does not', async () => {
    const run = once(good)
    await run.request()
    run.session.release()
    expect(run.connections[0]!.closedByClient).toBe(true)
    expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: false })
  })

  test('is not used when it ended, or spoke, between the two', async () => {
    for (const last of [
      { afterMs: 50, close: true },
      { afterMs: 50, data: 'HTTP/1.1 408 Timeout\r\n\r\n' },
      { afterMs: 50, reset: 'reset' },
    ] as Step[]) {
      const run = open({
        keeps: true,
        answer: (_, __, connection) => (connection === 1 ? [...good, last] : good),
      })
      await run.request()
      run.session.release()
      await run.advance(100)
      expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: false })
      expect(run.connections).toHaveLength(2)
    }
  })

  test('an iteration without a request leaves a kept one alone', async () => {
    const run = once(good, { keeps: true })
    run.session.release()
    await run.request()
    run.session.release()
    run.session.release()
    expect(await run.request()).toMatchObject({ outcome: 'completed', reusedConnection: true })
  })

  test('of an answer that failed is closed', async () => {
    const run = once([data(okHead), ...tokens(1)], { keeps: true })
    await run.request()
    run.session.release()
    expect(run.connections[0]!.closedByClient).toBe(true)
  })
})

describe('secrets', () => {
  test('no message holds the key, whoever says it', async () => {
    const says = (message: string) =>
      data(plain('401 Unauthorized', JSON.stringify({ error: { message } })))
    for (const words of [
      'Incorrect API key very-secret-key given',
      'got Bearer very-secret-key',
      'bad key: sk-abcdef123456',
    ]) {
      const result = await once([says(words)]).request()
      expect(JSON.stringify(result)).not.toMatch(/very-secret|sk-abc/)
      expect(result.message).toContain('***')
    }
  })

  test('nothing of a server reaches the terminal', async () => {
    const escape = '\u001b[2J\u001b]0;title\u0007\u009b1m\u202e'
    const refused = await once([data(plain('500 X', `a${escape}b`))]).request()
    expect(refused.message).toBe('a 1m b')
    const frame = { choices: [{ delta: { content: 'a' }, finish_reason: `x${escape}` }] }
    const odd = await once([data(okHead + chunk(sse(frame)) + doneChunk + lastChunk)]).request()
    expect(odd).toMatchObject({
      outcome: 'completed',
      finishReason: 'x 1m',
      finish: 'other',
    })
  })

  test('messages are one short line', async () => {
    const result = await once([data(plain('500 X', 'line\n'.repeat(1000)))]).request()
    expect(result.message!.length).toBeLessThanOrEqual(200)
    expect(result.message).not.toContain('\n')
  })
})

test('an event that is no frame is counted, and ends nothing', async () => {
  const odd = chunk('data: not json\n\n')
  const answer = [data(okHead + tokenChunk() + odd + tokenChunk() + doneChunk + lastChunk)]
  expect(await once(answer).request()).toMatchObject({
    outcome: 'completed',
    chunks: 2,
    malformedEvents: 1,
  })
})

describe('counting tokens', () => {
  const answer = (usage: string) => [
    data(okHead + tokenChunk() + tokenChunk() + usage + doneChunk + lastChunk),
  ]
  test.each<[string, string, Partial<ExchangeResult>]>([
    [
      'usage wins',
      usageChunk(5),
      { tokenSource: 'usage', outputTokens: 5, hiddenReasoning: false },
    ],
    ['no usage: chunks', '', { tokenSource: 'chunks', outputTokens: 2 }],
    [
      'a bill of zero for two chunks is no count',
      usageChunk(0),
      { tokenSource: 'chunks', outputTokens: 2 },
    ],
    [
      'reasoning billed and not streamed',
      usageChunk(9, { completion_tokens_details: { reasoning_tokens: 7 } }),
      { outputTokens: 9, hiddenReasoning: true },
    ],
    ['more tokens than bytes', usageChunk(500), { hiddenReasoning: true }],
  ])('%s', async (_, usage, expected) => {
    expect(await once(answer(usage)).request()).toMatchObject(expected)
  })
})
