import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { authHeaders, protocolNames, protocols } from '../../lib/protocols/index.ts'
import type { Protocol } from '../../lib/protocols/index.ts'
import { decodePieces } from '../support/decode.ts'
import { cutAt, everySplit } from '../support/splits.ts'
import { sglangStream, streams } from '../support/streams.ts'

const words = [' Hello', ' "x"', 'é', '中文', '😀', '\n\t\\', ' {"content":"y"}', 'data: ', 'a']
const body = (text: string) => JSON.stringify(text).slice(1, -1)
const many = Array.from({ length: 20 }, (_, i) => words[i % words.length]!)

const cases = streams.map((stream) => ({
  title: `${stream.protocol}: ${stream.name}`,
  stream,
  protocol: protocols[stream.protocol]!,
  /** One piece an event, as servers send them. */
  pieces(list: readonly string[], write: (text: string) => string = body): string[] {
    const events = list.map((word, i) => stream.token(write(word), i + 1))
    return [stream.before, ...events, stream.after(list.length)]
      .filter((one) => one !== '')
      .map(encodeUtf8)
  },
}))

/** Times are those of the pieces: compared apart, where pieces are the same. */
const shape = (log: readonly string[]) => log.map((line) => line.replace(/@\d+/, ''))

/** JSON escapes count as they are written: the one thing in which the shortcut may differ. */
function read(protocol: Protocol, pieces: readonly string[], fullParse: boolean) {
  const { log, end } = decodePieces(protocol, pieces, { collectText: true, fullParse })
  const { payloadBytes, reasoningBytes: _, finishMs, ...rest } = end
  return { log, rest, payloadBytes, finishMs }
}

describe.each(cases)('$title', ({ stream, protocol, pieces }) => {
  test('text, tokens, usage and end are read', () => {
    const { log, rest } = read(protocol, pieces(many), true)
    const tokens = log.filter((line) => /^(answer|reasoning)/.test(line))
    const extra = stream.name === 'tool call arguments' ? 1 : 0
    expect(tokens).toHaveLength(many.length + extra)
    expect(rest.done).toBe(true)
    expect(rest.malformed).toBe(0)
    if (stream.name !== 'tool call arguments') {
      const text = (rest.reasoningText ?? '') + (rest.text ?? '')
      expect(text).toBe(many.join(''))
    }
    if (stream.protocol === 'triton') return
    expect(rest.usage?.input).toBe(9)
    const factor = stream.name === 'continuous usage' ? 2 : 1
    expect(rest.usage?.output).toBe((many.length + (stream.protocol === 'tgi' ? 1 : 0)) * factor)
    expect(rest.finishReason).toBeTruthy()
    expect(log.at(-1)).toMatch(/^done@/)
  })

  test('the shortcut gives what the full parse gives, at the same times', () => {
    const cut = pieces(many)
    expect(read(protocol, cut, false)).toMatchObject({
      log: read(protocol, cut, true).log,
      rest: read(protocol, cut, true).rest,
      finishMs: read(protocol, cut, true).finishMs,
    })
  })

  test('whole, byte by byte and cut in two at every place', () => {
    // A reading of all for each byte: no word twice, and of characters those of three and four bytes.
    const list = words.filter((word) => word !== 'é' && word !== 'a')
    const wire = pieces(list).join('')
    const expected = read(protocol, [wire], true)
    const told = ({ log, rest }: typeof expected) => JSON.stringify([shape(log), rest])
    const wanted = told(expected)
    for (const way of everySplit(wire)) {
      const seen = read(protocol, way, false)
      // An assertion takes longer than reading the stream does.
      if (told(seen) === wanted) continue
      expect(shape(seen.log)).toEqual(shape(expected.log))
      expect(seen.rest).toEqual(expected.rest)
    }
  })

  test('property: the shortcut equals the full parse on any texts, escapes and cuts', () => {
    const ascii = (text: string) =>
      body(text).replace(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    const word = fc.oneof(
      fc.constantFrom(
        ...words,
        '',
        '"',
        '\\',
        '\\"',
        '\\\\"',
        '","',
        '"}}]}\n\n',
        '\r\n\r\n',
        ']',
        '[DONE]',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 24 }),
        fc.array(fc.nat(9000), { maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        (list, cuts, escaped, perEvent) => {
          const events = pieces(list, escaped ? ascii : body)
          const way = perEvent
            ? events.flatMap((event) => cutAt(event, cuts.slice(0, 1)))
            : cutAt(events.join(''), cuts)
          const fast = read(protocol, way, false)
          const full = read(protocol, way, true)
          expect(fast.log).toEqual(full.log)
          expect(fast.rest).toEqual(full.rest)
          // What hidden reasoning is judged by: never less than what was streamed.
          expect(fast.payloadBytes).toBeGreaterThanOrEqual(full.payloadBytes)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('property: streams with damaged events are read alike, or as an event that no JSON writer writes', () => {
    // Cuts a stretch out of an event or doubles it: members vanish, quotes open, events join.
    fc.assert(
      fc.property(
        fc.nat(many.length),
        fc.nat(300),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (index, from, length, double) => {
          const events = pieces(many)
          const event = events[index % events.length]!
          const at = from % event.length
          const stretch = event.slice(at, at + length)
          events[index % events.length] =
            event.slice(0, at) + (double ? stretch + stretch : '') + event.slice(at + length)
          const fast = read(protocol, events, false)
          const full = read(protocol, events, true)
          if (full.rest.malformed > 0) return
          expect(fast.log).toEqual(full.log)
          expect(fast.rest).toEqual(full.rest)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('the shortcut is taken: few events of a long stream are parsed', () => {
    const list = Array.from({ length: 300 }, (_, i) => `${words[i % 4]}`)
    const cut = pieces(list)
    const parse = JSON.parse
    let parses = 0
    JSON.parse = ((...args: Parameters<typeof JSON.parse>) => {
      parses++
      return parse(...args) as unknown
    }) as typeof JSON.parse
    try {
      decodePieces(protocol, cut)
    } finally {
      JSON.parse = parse
    }
    // Log probabilities that change inside lists are the exception: parsed in full, and rightly.
    const most = stream.name.startsWith('logprobs') ? list.length * 3 : 60
    expect(parses).toBeLessThan(most)
  })
})

describe('sglang', () => {
  const protocol = protocols['sglang']!
  test('cumulative texts and counts, at every split', () => {
    const list = ['Hel', 'lo "', 'é中', '😀']
    const wire = encodeUtf8(sglangStream(list))
    for (const way of everySplit(wire)) {
      const { log, rest } = read(protocol, way, false)
      expect(shape(log)).toEqual(['answer +2', 'answer +2', 'answer +2', 'answer +2', 'done'])
      expect(rest).toMatchObject({
        text: list.join(''),
        usage: { input: 9, output: 8, cached: 4 },
        finishReason: 'length',
      })
    }
  })
  test('texts that are deltas', () => {
    const frames = ['a', 'b', 'bc'].map(
      (text) => `data: ${JSON.stringify({ text, meta_info: {} })}\n\n`,
    )
    expect(read(protocol, frames, false).rest.text).toBe('abbc')
  })
})

describe('errors inside a 200, by format', () => {
  test.each<[string, string, string[]]>([
    [
      'responses',
      'event: error\ndata: {"type":"error","code":"server_error","message":"boom"}\n\n',
      ['error server_error: boom'],
    ],
    [
      'responses',
      'data: {"type":"response.failed","response":{"status":"failed","error":{"code":"rate","message":"boom"}}}\n\n',
      ['error rate: boom', 'done@0'],
    ],
    [
      'anthropic',
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"boom"}}\n\n',
      ['error overloaded_error: boom'],
    ],
    ['tgi', 'data:{"error":"boom","error_type":"overloaded"}\n\n', ['error overloaded: boom']],
    ['triton', 'data: {"error":"boom"}\n\n', ['error undefined: boom']],
    ['sglang', 'data: {"error":{"message":"boom"}}\n\n', ['error undefined: boom']],
    ['ollama-chat', '{"error":"boom"}\n', ['error undefined: boom']],
    ['ollama-generate', '{"error":"boom"}\n', ['error undefined: boom']],
    [
      'llamacpp',
      'data: {"error":{"code":500,"message":"boom","type":"server_error"}}\n\n',
      ['error server_error: boom'],
    ],
    [
      'llamacpp',
      'error: {"code":500,"message":"boom","type":"server_error"}\n\n',
      ['error server_error: boom'],
    ],
    ['llamacpp', 'error: boom é\n\n', ['error undefined: boom é']],
  ])('%s: %s', (name, wire, log) => {
    expect(read(protocols[name]!, [encodeUtf8(wire)], false).log).toEqual(log)
  })
})

describe('requests', () => {
  const options = { model: 'm/x', stream: true, includeUsage: true }
  const request = {
    messages: [
      { role: 'system' as const, content: 'S' },
      { role: 'user' as const, content: 'U' },
    ],
    maxTokens: 5,
    temperature: 0,
  }
  test.each<[string, string, object]>([
    [
      'completions',
      '/completions',
      { prompt: 'S\nU', max_tokens: 5, stream: true, stream_options: { include_usage: true } },
    ],
    ['responses', '/responses', { input: request.messages, max_output_tokens: 5 }],
    ['embeddings', '/embeddings', { model: 'm/x', input: 'S\nU' }],
    [
      'anthropic',
      '/messages',
      { system: 'S', messages: [{ role: 'user', content: 'U' }], max_tokens: 5 },
    ],
    [
      'tgi',
      '/generate_stream',
      { inputs: 'S\nU', parameters: { max_new_tokens: 5, details: true } },
    ],
    [
      'triton',
      '/v2/models/m%2Fx/generate_stream',
      { text_input: 'S\nU', parameters: { stream: true, max_tokens: 5 } },
    ],
    [
      'sglang',
      '/generate',
      { text: 'S\nU', sampling_params: { max_new_tokens: 5, temperature: 0 }, stream: true },
    ],
    [
      'ollama-chat',
      '/api/chat',
      { model: 'm/x', stream: true, messages: request.messages, options: { num_predict: 5 } },
    ],
    ['ollama-generate', '/api/generate', { prompt: 'S\nU', options: { num_predict: 5 } }],
    ['llamacpp', '/completion', { prompt: 'S\nU', n_predict: 5, stream: true }],
  ])('%s', (name, path, expected) => {
    const encoded = protocols[name]!.encode({ ...request, extra: { own: 1 } }, options)
    expect(encoded.path).toBe(path)
    expect(JSON.parse(encoded.body)).toMatchObject({ ...expected, own: 1 })
  })

  test('TGI refuses a temperature of 0: it is left out', () => {
    const { body: sent } = protocols['tgi']!.encode(request, options)
    expect(JSON.parse(sent)).not.toHaveProperty('parameters.temperature')
  })

  test('the key goes where the format wants it', () => {
    expect(authHeaders(protocols['anthropic']!, 'k')).toEqual({ 'x-api-key': 'k' })
    expect(authHeaders(protocols['chat']!, 'k')).toEqual({ authorization: 'Bearer k' })
  })
})

describe('whole answers', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 3 }
  test.each<[string, object, object]>([
    [
      'completions',
      { choices: [{ text: 'T', finish_reason: 'stop' }], usage },
      { text: 'T', usage: { output: 3 }, finishReason: 'stop' },
    ],
    [
      'responses',
      {
        status: 'completed',
        error: null,
        output: [
          { type: 'reasoning' },
          { type: 'message', content: [{ type: 'output_text', text: 'T' }] },
        ],
        usage: { input_tokens: 9, output_tokens: 3 },
      },
      { text: 'T', usage: { input: 9, output: 3 }, finishReason: 'completed' },
    ],
    [
      'embeddings',
      { data: [{ embedding: [1] }], usage: { prompt_tokens: 9, total_tokens: 9 } },
      { usage: { input: 9, output: undefined }, error: undefined },
    ],
    ['embeddings', { data: [] }, { error: { message: 'the answer holds no embedding' } }],
    [
      'anthropic',
      {
        content: [{ type: 'text', text: 'T' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 3 },
      },
      { text: 'T', usage: { input: 9, output: 3, cached: 4 } },
    ],
    [
      'tgi',
      {
        generated_text: 'T',
        details: { finish_reason: 'length', generated_tokens: 3, prefill: [{}, {}] },
      },
      { text: 'T', usage: { input: 2, output: 3 } },
    ],
    ['triton', { text_output: 'T' }, { text: 'T', usage: undefined }],
    [
      'sglang',
      { text: 'T', meta_info: { ...usage, finish_reason: { type: 'stop' } } },
      { text: 'T', usage: { input: 9, output: 3 }, finishReason: 'stop' },
    ],
    [
      'ollama-chat',
      { message: { content: 'T' }, done: true, eval_count: 3 },
      { text: 'T', usage: { output: 3, input: undefined } },
    ],
    ['ollama-generate', { response: 'T', done: true, eval_count: 3 }, { text: 'T' }],
    [
      'llamacpp',
      { content: 'T', stop: true, stop_type: 'eos', tokens_predicted: 3, tokens_evaluated: 9 },
      { text: 'T', finishReason: 'stop', usage: { output: 3 } },
    ],
  ])('%s', (name, answer, expected) => {
    expect(protocols[name]!.decodeWhole(JSON.stringify(answer))).toMatchObject(expected)
  })
  test.each(protocolNames)('%s: what is no JSON object is an error, never an exception', (name) => {
    const errorOf = (text: string) => protocols[name]!.decodeWhole(text).error
    for (const text of ['', 'x', '[]', 'null']) expect(errorOf(text)?.type).toBe('not_json')
    expect(errorOf('{"error":{"message":"m"}}')?.message).toBe('m')
    expect(() => errorOf('{}')).not.toThrow()
  })
})

describe('an answer of embeddings, whose vectors are not parsed', () => {
  const read = (text: string) => {
    const { error, usage } = protocols['embeddings']!.decodeWhole(text)
    return error?.type ?? usage?.input ?? 'no usage'
  }
  const answer = (data: string) => `{"data":[${data}],"usage":{"prompt_tokens":9}}`

  test.each([
    ['compact', answer('{"embedding":[0.1,-2e-5]},{"embedding":[3]}'), 9],
    ['with spaces', answer('{ "embedding" : [ 0.1,\n -2 ] , "index" : 0 }'), 9],
    ['base64', answer('{"embedding":"AAAA]["}'), 9],
    ['a vector a token', answer('{"embedding":[[1,2],[3]]}'), 9],
    ['null', answer('{"embedding":null}'), 9],
    ['the word elsewhere', `{"model":"\\"embedding\\":[","data":[{"embedding":[1]}]}`, 'no usage'],
    ['usage first', '{"usage":{"prompt_tokens":9},"data":[{"embedding":[1]}]}', 9],
    ['NaN', answer('{"embedding":[1,NaN]}'), 'not_json'],
    ['Infinity', answer('{"embedding":[1]},{"embedding":[-Infinity]}'), 'not_json'],
    ['cut', '{"data":[{"embedding":[1,2', 'not_json'],
    ['cut behind it', '{"data":[{"embedding":[1,2]', 'not_json'],
    ['no vector', '{"data":[],"usage":{"prompt_tokens":9}}', 'not_json'],
  ])('%s', (_, text, expected) => expect(read(text)).toBe(expected))
})
