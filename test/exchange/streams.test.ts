import { describe, expect, test } from 'vitest'
import { createSession, timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult, Timings } from '../../lib/exchange/index.ts'
import { openaiChat } from '../../lib/protocols/index.ts'
import { createFakeTransport } from '../support/fake-transport.ts'
import type { FakeServer } from '../support/fake-transport.ts'
import { valuesOf } from '../support/results.ts'
import { stepsOf, streamCases, ways } from '../support/stream-cases.ts'

/** Against servers that were made for it, each with the answer that is right. */
interface Truth {
  result: Partial<ExchangeResult>
  /** Within 6 ms of what was recorded: the servers' own timers. */
  timings?: Partial<Record<keyof Timings, number | undefined>>
}

const whole = { outcome: 'completed', outputTokens: 20, tokenSource: 'usage', notes: [] } as const
const even: Truth['timings'] = { ttftMs: 120, tpotMs: 20, e2eMs: 500 }
const plain: Truth = { result: { ...whole, chunks: 20, malformedEvents: 0 }, timings: even }
const odd = (note: ExchangeResult['notes'][number]): Truth => ({
  result: { ...plain.result, notes: [note] },
  timings: even,
})
const failed = (reason: string, message: string): Truth => ({
  result: { outcome: 'stream_error', reason, message, chunks: 5 },
})

const truths: Record<string, Truth> = {
  plain,
  crash_reused: {
    result: {
      outcome: 'connect_error',
      reason: 'connection_reset',
      reusedConnection: true,
      notes: [],
    },
  },
  ct_json: odd('content_type'),
  done_trailing_space: plain,
  eos_tail: plain,
  eos_tail_cont: plain,
  eos_tail_silent: {
    result: { ...whole, chunks: 5, hiddenReasoning: false, notes: ['last_token_estimated'] },
    timings: even,
  },
  err_empty_string: plain,
  err_event_code_details: failed(
    'error_event',
    '500: unexpected error occurred while processing request',
  ),
  err_event_flat: failed('error_event', 'server_error: capacity exceeded'),
  err_frame: failed('error_event', 'InternalServerError: engine died'),
  err_unframed: {
    result: {
      outcome: 'stream_error',
      reason: 'error_event',
      message: 'validation: Input validation error: top_p must be > 0',
    },
  },
  finish_abort: {
    result: { outcome: 'truncated', reason: 'finish_abort', finish: 'abort', outputTokens: 5 },
  },
  finish_content_filter: {
    result: { outcome: 'truncated', reason: 'content_filter', finish: 'content_filter' },
  },
  finish_error: { result: { outcome: 'stream_error', reason: 'finish_error', finish: 'error' } },
  html_200_sometimes: {
    result: {
      outcome: 'stream_error',
      reason: 'not_streaming',
      message: 'an HTML page, not a stream: Maintenance',
    },
  },
  max_completion_only: {
    result: {
      outcome: 'http_error',
      reason: 'http_400',
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    },
  },
  no_done: odd('no_terminator'),
  open_after_done: {
    result: { outcome: 'completed', outputTokens: 5, notes: ['left_open'] },
    timings: { streamMs: 200 },
  },
  ping_event: plain,
  reasoning_details_only: {
    result: { ...plain.result, hiddenReasoning: false },
    timings: { ttftMs: 120, ttfoMs: 320, tpotMs: 20 },
  },
  seven_event_types: plain,
  usage_excl_reasoning: {
    result: { ...whole, notes: ['usage_corrected'] },
    timings: { ttftMs: 120, tpotMs: 20 },
  },
  usage_in_choice_spec: { result: whole },
  usage_then_zero: { result: { ...whole, notes: ['usage_corrected'] } },
  usage_too_low: {
    result: { ...plain.result, tokenSource: 'chunks', notes: ['usage_corrected'] },
    timings: even,
  },
  usage_x_groq: plain,
}

function open(server: FakeServer) {
  const fake = createFakeTransport(server)
  const session = createSession({
    transport: fake.transport,
    target: { host: 'gpu', port: 8000, tls: false },
    basePath: '/v1',
    protocol: openaiChat,
    encode: { model: 'm', stream: true, includeUsage: true },
    headers: {},
  })
  const ask = () =>
    fake.run(
      session.request({
        request: { prompt: 'hi' },
        dueMs: undefined,
        startMs: 1000,
        deadlines: { connectMs: 500, firstTokenMs: 5000, idleMs: 5000, wholeMs: 20_000 },
        collectText: true,
      }),
    )
  return { ...fake, ask }
}

test('each case has its truth', () => {
  expect(Object.keys(truths).sort()).toEqual(streamCases.map((one) => one.case).sort())
})

describe.each(streamCases)('$case: $what', (one) => {
  const { result: expected, timings = {} } = truths[one.case]!

  test.each(ways)('%s', async (way) => {
    const before = streamCases.find((other) => other.case === 'plain')!
    const reset = one.ends.startsWith('reset')
    const run = open({
      answer: (_, request) =>
        reset && request === 2
          ? [{ afterMs: 200, reset: 'read: connection reset by peer' }]
          : stepsOf(reset ? before.reads : one.reads, way),
    })
    if (reset) await run.ask()
    const result = await run.ask()
    expect(result).toMatchObject(expected)
    expect(run.openTimers()).toBe(0)
    const figures = timingsOf(result)
    // Taken while the chunks came, or found afterwards: the same.
    expect(valuesOf(timingsOf({ ...result, longestGapMs: undefined }))).toEqual(valuesOf(figures))
    for (const [name, ms] of Object.entries(timings)) {
      const figure = figures[name as keyof Timings] as number
      // TPOT is of 19 gaps.
      expect(Math.abs(figure - ms!), `${name} ${figure}`).toBeLessThan(name === 'tpotMs' ? 0.5 : 6)
    }
  })
})

test('open_after_done: the next request goes out at once, on another connection', async () => {
  const { reads } = streamCases.find((one) => one.case === 'open_after_done')!
  const run = open({ answer: () => stepsOf(reads, 'as they were read') })
  const began = run.transport.now()
  for (let i = 0; i < 10; i++) expect((await run.ask()).outcome).toBe('completed')
  // 200 ms each, 1 ms to connect, and once the time in which most servers end their body.
  expect(run.transport.now() - began).toBeLessThan(10 * 202 + 60)
  expect(run.connections.every((one) => one.closedByClient)).toBe(true)
})
