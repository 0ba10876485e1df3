import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { finishKind, protocols } from '../../lib/protocols/index.ts'
import { decodePieces } from '../support/decode.ts'
import { streams } from '../support/streams.ts'

/** What servers were seen to do, in every wire format: each behaviour is one of a kind. */
const formats = streams.map((stream) => ({
  title: `${stream.protocol}: ${stream.name}`,
  stream,
  protocol: protocols[stream.protocol]!,
  sse: protocols[stream.protocol]!.framing === 'sse',
}))
const written = formats.filter(({ stream }) => stream.name !== 'tool call arguments')
const sse = formats.filter((one) => one.sse)

describe.each(written)('$title: tokens without text', ({ stream, protocol }) => {
  const read = (words: readonly string[], fullParse: boolean) => {
    const events = words.map((word, i) => stream.token(word, i + 1))
    const pieces = [stream.before, ...events, stream.after(words.length)].map(encodeUtf8)
    const { log, end } = decodePieces(protocol, pieces, { fullParse })
    return { log: log.filter((line) => /^(answer|reasoning|blank)/.test(line)), end }
  }
  const text = Array.from({ length: 8 }, (_, i) => ` w${i}`)
  const blanks = Array.from({ length: 6 }, () => '')

  test('behind the first text each moves the last mark, by the shortcut as in full', () => {
    const words = [...text, ...blanks]
    const { log } = read(words, true)
    const events = words.map((_, i) => i + 1)
    const times = log.map((line) => Number(/@(\d+)/.exec(line)![1]))
    expect(times.slice(0, words.length)).toEqual(events)
    expect(read(words, false).log).toEqual(log)
  })

  test('ahead of the first text they move no mark, and are counted', () => {
    // Each TGI event is a token of its own, by its specification.
    if (stream.protocol === 'tgi') return
    const words = [...blanks, ...text]
    const { log, end } = read(words, true)
    expect(log[0]).toContain(`@${blanks.length + 1}`)
    const counted = /\+(\d+)$/.exec(log[0]!)
    const factor = stream.name === 'continuous usage' ? 2 : 1
    const opening = stream.name.startsWith('spaces as Python') ? blanks.length : 0
    if (counted !== null) expect(Number(counted[1])).toBe((blanks.length + 1) * factor)
    else expect(end.leadingBlanks).toBe(blanks.length - opening)
    expect(read(words, false)).toEqual({ log, end })
  })
})

describe.each(sse)('$title: events of other names', ({ stream, protocol }) => {
  const read = (odd: string) => {
    const events = [stream.before, stream.token('a', 1), odd, stream.token('b', 2), stream.after(2)]
    return decodePieces(protocol, events.map(encodeUtf8))
  }
  const errors = (log: readonly string[]) => log.filter((line) => line.startsWith('error'))

  test.each([
    ['{"message":"full","code":"overloaded"}', 'error overloaded: full'],
    ['{"code":500,"details":"it broke"}', 'error 500: it broke'],
    ['{"error":{"message":"boom","type":"t"}}', 'error t: boom'],
    ['out of memory', 'error undefined: out of memory'],
    ['{"a":1}', 'error undefined: {"a":1}'],
    ['', 'error undefined: an event named error, without data'],
  ])('event: error with %s', (data, expected) => {
    expect(errors(read(`event: error\ndata: ${data}\n\n`).log)).toEqual([expected])
  })

  test.each([
    'event: ping\ndata: {"type":"ping"}\n\n',
    'event: ping\ndata: ping\n\n',
    'event: metadata\ndata: {"conversation_id":"abc"}\n\n',
    'event: cost\ndata: {"choices":[],"cost":"0"}\n\n',
    'data: {"type":"heartbeat"}\n\n',
    'data:\n\n',
    ': keep-alive\n\n',
  ])('noise is neither an error nor unreadable: %j', (noise) => {
    const { log, end } = read(noise)
    expect(errors(log)).toEqual([])
    expect(end.malformed).toBe(0)
    expect(log.filter((line) => /^(answer|reasoning)/.test(line)).length).toBeGreaterThan(1)
  })

  test('what is no JSON, and under no other name, is unreadable', () => {
    expect(read('data: {"a":\n\n').end.malformed).toBe(1)
  })
})

describe.each(formats)('$title: errors in the frames', ({ stream, protocol, sse: events }) => {
  const wrap = (json: string) => (events ? `data: ${json}\n\n` : `${json}\n`)
  const read = (pieces: string[]) => decodePieces(protocol, pieces.map(encodeUtf8))

  test('an empty error is none', () => {
    const odd = [1, 2].map((n) => stream.token(`w${n}`, n).replace(/\{/, '{"error":"",'))
    const { log, end } = read([stream.before, ...odd, stream.after(2)])
    expect(log.filter((line) => line.startsWith('error'))).toEqual([])
    expect(end.malformed).toBe(0)
  })

  test.each([
    ['{"message":"full","code":503}', 'error 503: full'],
    ['{"type":"error","message":"gone","code":"busy"}', 'error busy: gone'],
    ['{"status":"error","msg":"gone"}', 'error undefined: gone'],
    ['{"error":"boom","error_type":"overloaded"}', 'error overloaded: boom'],
  ])('%s', (json, expected) => {
    const { log } = read([stream.before, stream.token('a', 1), wrap(json)])
    expect(log.filter((line) => line.startsWith('error'))).toEqual([expected])
  })

  test('a bare JSON in the place of a stream, on one line or on several', () => {
    for (const json of [
      '{"error":{"message":"m"}}',
      '{\n  "error": {\n    "message": "m"\n  }\n}',
    ]) {
      if (!events && json.includes('\n')) continue
      const { log } = read([json])
      expect(log).toEqual(['error undefined: m'])
    }
  })
})

test.each<[string, string, string]>([
  ['chat', 'data: {"choices":[{"delta":{},"finish_reason":"abort"}]}\n\n', 'abort'],
  ['chat', 'data: {"choices":[{"delta":{},"finish_reason":"error"}]}\n\n', 'error'],
  ['completions', 'data: {"choices":[{"text":"","finish_reason":"abort"}]}\n\n', 'abort'],
  ['sglang', 'data: {"text":"","meta_info":{"finish_reason":{"type":"abort"}}}\n\n', 'abort'],
  [
    'anthropic',
    'data: {"type":"message_delta","delta":{"stop_reason":"refusal"}}\n\n',
    'content_filter',
  ],
  [
    'responses',
    'data: {"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}}\n\n',
    'content_filter',
  ],
  [
    'tgi',
    'data: {"token":{"text":"a"},"generated_text":"a","details":{"finish_reason":"eos_token"}}\n\n',
    'stop',
  ],
  ['llamacpp', 'data: {"content":"","stop":true,"stop_type":"limit"}\n\n', 'length'],
  ['ollama-chat', '{"message":{"content":""},"done":true,"done_reason":"length"}\n', 'length'],
  ['chat', 'data: {"choices":[{"delta":{},"finish_reason":"constructor"}]}\n\n', 'other'],
])('%s: the finish reason of %s is %s', (name, wire, kind) => {
  const { end } = decodePieces(protocols[name]!, [wire])
  expect(finishKind(end.finishReason)).toBe(kind)
  expect(end.finishMs).toBe(0)
})

test('an error in a choice is one', () => {
  const frame = { choices: [{ delta: {}, error: { code: 502, message: 'upstream' } }] }
  const { log } = decodePieces(protocols['chat']!, [`data: ${JSON.stringify(frame)}\n\n`])
  expect(log).toEqual(['error 502: upstream'])
})

describe('usage', () => {
  const end = (...usages: unknown[]) =>
    decodePieces(
      protocols['chat']!,
      usages.map((usage) => `data: ${JSON.stringify({ choices: [], usage })}\n\n`),
    ).end
  test('a later zero takes nothing back', () => {
    const usage = { prompt_tokens: 9, completion_tokens: 20 }
    expect(end(usage, { prompt_tokens: 0, completion_tokens: 0 })).toMatchObject({
      usage: { input: 9, output: 20 },
      usageOdd: true,
    })
    expect(end({ prompt_tokens: 0, completion_tokens: 0 }, usage)).toMatchObject({
      usage: { input: 9, output: 20 },
      usageOdd: false,
    })
  })

  test.each([
    ['the count of each chunk', [4, 4, 4, 4, 4], 20, true],
    ['uneven ones', [3, 5, 4, 6, 2], 20, true],
    ['the count so far', [1, 5, 9, 10, 20], 20, false],
    ['the count so far, once without a new token', [1, 2, 2, 3, 4], 4, false],
  ])('with choices: %s', (_, counts, output, countsPerEvent) => {
    const frames = counts.map((n) => ({
      choices: [{ index: 0, delta: { content: 'abcdef' } }],
      usage: { prompt_tokens: 9, completion_tokens: n },
    }))
    const pieces = frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`)
    for (const fullParse of [true, false]) {
      const found = decodePieces(protocols['chat']!, pieces, { fullParse }).end
      expect(found).toMatchObject({ usage: { output }, countsPerEvent })
    }
  })
})

test('JSON that nests without end is no frame: it would end the engine', () => {
  const deep = [`${'['.repeat(2e6)}`, `${'{"a":'.repeat(1e6)}`, '[{"a":'.repeat(5e5)]
  for (const json of deep) {
    const { end } = decodePieces(protocols['chat']!, [`data: {"a":${json}\n\n`])
    expect(end.malformed).toBe(1)
    expect(protocols['chat']!.decodeWhole(json).error?.type).toBe('not_json')
  }
  const flat = { data: Array.from({ length: 5000 }, (_, i) => ({ embedding: [i] })) }
  expect(protocols['embeddings']!.decodeWhole(JSON.stringify(flat)).error).toBeUndefined()
})
