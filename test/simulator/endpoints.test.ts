import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startSimulator } from '../../simulator/index.ts'
import type { SimRecord, Simulator, SimulatorSettings } from '../../simulator/index.ts'
import { call, callRaw, content, eventData, frames } from './client.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

const quick: SimulatorSettings = { ttftMs: 5, tpotMs: 1 }
const chat = (more: object = {}): object => ({
  model: 'sim-model',
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 6,
  ignore_eos: true,
  messages: [{ role: 'user', content: 'What is the time?' }],
  ...more,
})

const withServer = async <T>(
  settings: SimulatorSettings,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> => {
  const simulator = await startSimulator({ ...quick, ...settings })
  try {
    return await use(simulator)
  } finally {
    await simulator.close()
  }
}

let sim: Simulator
let root: string
beforeAll(async () => {
  sim = await startSimulator(quick)
  root = sim.url.slice(0, -3)
})
afterAll(() => sim.close())

describe('chat completions', () => {
  it('streams role, tokens, finish, usage and [DONE]', async () => {
    const answer = await call(`${sim.url}/chat/completions`, chat(), { 'x-request-id': 'my-id' })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers['x-request-id']).toBe('my-id')
    expect(eventData(answer.body).at(-1)).toBe('[DONE]')
    const all = frames(answer.body)
    expect(all).toHaveLength(9)
    expect(all[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '' })
    for (const frame of all.slice(1, 7))
      expect(frame.choices[0]).toMatchObject({ delta: { content: /^ \w+$/ }, finish_reason: null })
    expect(all[7]!.choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' })
    expect(all[8]).toMatchObject({
      choices: [],
      usage: {
        // 5 words and marks of the text, 4 tokens of the message, 3 of the request
        prompt_tokens: 12,
        completion_tokens: 6,
        total_tokens: 18,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    })
  })
  it('answers whole when no stream is asked for, with the same text', async () => {
    const body = { temperature: 0, stream_options: undefined }
    const streamed = await call(`${sim.url}/chat/completions`, chat(body))
    const answer = await call(`${sim.url}/chat/completions`, chat({ ...body, stream: false }))
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length)
    expect(JSON.parse(answer.body)).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: { role: 'assistant', content: content(streamed.body) },
          finish_reason: 'length',
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 6, total_tokens: 18 },
    })
  })
  it('gives usage on every chunk when asked', async () => {
    const body = chat({ stream_options: { include_usage: true, continuous_usage_stats: true } })
    const { body: text } = await call(`${sim.url}/chat/completions`, body)
    const counts = frames(text).map((frame) => frame.usage?.completion_tokens)
    expect(counts).toEqual([undefined, 1, 2, 3, 4, 5, 6, 6, 6])
  })
  it('gives no usage when none is asked for', async () => {
    const body = chat({ stream_options: undefined })
    const { body: text } = await call(`${sim.url}/chat/completions`, body)
    expect(frames(text).some((frame) => frame.usage)).toBe(false)
  })
  it('draws the length where nothing fixes it, between min_tokens and max_tokens', async () => {
    const lengths = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const body = chat({ ignore_eos: false, min_tokens: 20, max_completion_tokens: 60 })
        const answer = await call(`${sim.url}/chat/completions`, body)
        const usage = frames(answer.body).at(-1)!.usage!
        const reason = frames(answer.body).at(-2)!.choices[0]!.finish_reason
        expect(reason).toBe(usage.completion_tokens === 60 ? 'length' : 'stop')
        return usage.completion_tokens
      }),
    )
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(60)
    expect(new Set(lengths).size).toBeGreaterThan(3)
  })
  it('calls a tool: valid arguments over all pieces', async () => {
    const tools = [{ type: 'function', function: { name: 'find', parameters: {} } }]
    const { body } = await call(`${sim.url}/chat/completions`, chat({ tools, max_tokens: 8 }))
    const calls = frames(body)
      .flatMap((frame) => frame.choices)
      .flatMap((choice) => (choice.delta?.['tool_calls'] as Record<string, unknown>[]) ?? [])
    expect(calls).toHaveLength(8)
    expect(calls[0]).toMatchObject({ type: 'function', function: { name: 'find', arguments: '' } })
    const text = calls.map((c) => (c['function'] as { arguments: string }).arguments).join('')
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['text'])
    const none = await call(`${sim.url}/chat/completions`, chat({ tools, tool_choice: 'none' }))
    expect(content(none.body)).not.toBe('')
  })
  it('gives JSON when asked for, and several choices', async () => {
    const body = chat({ response_format: { type: 'json_object' }, n: 2 })
    const { body: text } = await call(`${sim.url}/chat/completions`, body)
    for (const index of [0, 1]) {
      const choices = frames(text).flatMap((f) => f.choices.filter((c) => c.index === index))
      const answer = choices.map((c) => (c.delta!['content'] as string | undefined) ?? '').join('')
      expect(() => JSON.parse(answer) as unknown).not.toThrow()
      expect(choices.at(-1)!.finish_reason).toBe('length')
    }
    expect(frames(text).at(-1)!.usage!.completion_tokens).toBe(12)
  })
  it.each(['reasoning', 'reasoning_content'] as const)('reasons first, in %s', (reasoningField) =>
    withServer({ reasoningShare: 0.5, reasoningField }, async (s) => {
      const { body } = await call(`${s.url}/chat/completions`, chat())
      const deltas = frames(body).flatMap((f) => f.choices.map((c) => c.delta ?? {}))
      expect(deltas.slice(1, 4).every((d) => typeof d[reasoningField] === 'string')).toBe(true)
      expect(deltas.slice(4, 7).every((d) => typeof d['content'] === 'string')).toBe(true)
      expect(frames(body).at(-1)!.usage).toMatchObject({
        completion_tokens: 6,
        completion_tokens_details: { reasoning_tokens: 3 },
      })
    }),
  )
  it.each([
    ['no JSON', 'hm', 400, /no JSON/],
    ['no messages', { model: 'sim-model' }, 400, /messages must be/],
    ['a message without a role', chat({ messages: [{}] }), 400, /messages\[0\]/],
    ['max_tokens 0', chat({ max_tokens: 0 }), 400, /max_tokens is 0; a whole number from 1/],
    ['min over max', chat({ min_tokens: 9 }), 400, /min_tokens is 9; at most max_tokens, 6/],
    ['a model it has not', chat({ model: 'gpt' }), 404, /`gpt` does not exist/],
    ['too long', chat({ max_tokens: 200_000 }), 400, /maximum context length is 131072 tokens/],
    ['stream_options alone', chat({ stream: false }), 400, /only accepted with stream: true/],
  ])('refuses %s', async (_, body, status, message) => {
    const answer = await call(`${sim.url}/chat/completions`, body)
    expect(answer.status).toBe(status)
    const { error } = JSON.parse(answer.body) as { error: { message: string; type: string } }
    expect(error.message).toMatch(message)
    expect(error.type).toBe('invalid_request_error')
  })
  it('refuses fields that OpenAI does not know when strict', () =>
    withServer({ strict: true }, async (s) => {
      const answer = await call(`${s.url}/chat/completions`, chat())
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('Unrecognized request arguments supplied: ignore_eos')
      const continuous = chat({
        ignore_eos: undefined,
        stream_options: { continuous_usage_stats: true },
      })
      expect((await call(`${s.url}/chat/completions`, continuous)).status).toBe(400)
      expect(
        (await call(`${s.url}/chat/completions`, chat({ ignore_eos: undefined }))).status,
      ).toBe(200)
    }))
  it('asks for the key', () =>
    withServer({ apiKey: 'secret' }, async (s) => {
      const wrong = await call(`${s.url}/chat/completions`, chat(), { authorization: 'Bearer no' })
      expect(wrong.status).toBe(401)
      expect((await call(`${s.url}/models`)).status).toBe(401)
      const headers = { authorization: 'Bearer secret' }
      expect((await call(`${s.url}/chat/completions`, chat(), headers)).status).toBe(200)
    }))
})

describe('the wire', () => {
  it.each([
    ['role with the first token', { role: 'none' as const }, [/"role".*content/]],
    ['finish in the last token', { finish: 'lastToken' as const }, [/content":" \w+".*"length"/]],
    ['usage in the final frame', { usage: 'final' as const }, [/"length"\}\],"usage"/]],
  ])('%s', (_, wire, patterns) =>
    withServer({ wire }, async (s) => {
      const { body } = await call(`${s.url}/chat/completions`, chat())
      for (const pattern of patterns) expect(body).toMatch(pattern)
      expect(frames(body)).toHaveLength(8)
      expect(content(body).trim().split(' ')).toHaveLength(6)
    }),
  )
  it('several tokens a chunk', () =>
    withServer({ wire: { tokensPerChunk: 4 } }, async (s) => {
      const { body } = await call(`${s.url}/chat/completions`, chat())
      expect(frames(body)).toHaveLength(5)
      expect(content(body).trim().split(' ')).toHaveLength(6)
      expect(s.records()[0]!.tokenWrittenMs).toHaveLength(6)
    }))
  it('closes the connection instead of chunks', () =>
    withServer({ wire: { framing: 'close' } }, async (s) => {
      const answer = await call(`${s.url}/chat/completions`, chat())
      expect(answer.headers['transfer-encoding']).toBeUndefined()
      expect(answer.headers['content-length']).toBeUndefined()
      expect(answer.headers.connection).toBe('close')
      expect(eventData(answer.body).at(-1)).toBe('[DONE]')
    }))
  it('puts each token in one chunk of its own', async () => {
    const { bytes } = await callRaw(sim.port, '/v1/chat/completions', chat())
    const chunks = bytes.toString().split('\r\n\r\n')[1]!.split(/\r\n/)
    expect(bytes.toString()).toMatch(/transfer-encoding: chunked/i)
    expect(bytes.toString()).toMatch(/\r\n0\r\n\r\n$/)
    for (let i = 0; i < 10; i++)
      expect(parseInt(chunks[2 * i]!, 16)).toBe(chunks[2 * i + 1]!.length)
  })
  it('answers a client of HTTP/1.0 without chunks', async () => {
    const { bytes } = await callRaw(sim.port, '/v1/chat/completions', chat(), {}, '1.0')
    expect(bytes.toString()).not.toMatch(/transfer-encoding/i)
    expect(bytes.toString()).toMatch(/\r\n\r\ndata: /)
    expect(bytes.toString()).toMatch(/data: \[DONE\]\n\n$/)
  })
})

describe('other endpoints', () => {
  it('completions: a text, several texts, token ids', async () => {
    const body = { prompt: 'a b c', max_tokens: 3, ignore_eos: true }
    const one = await call(`${sim.url}/completions`, { ...body, stream: true })
    expect(frames(one.body)).toHaveLength(4)
    expect(content(one.body).trim().split(' ')).toHaveLength(3)
    const two = JSON.parse(
      (await call(`${sim.url}/completions`, { ...body, prompt: ['a b', 'c'] })).body,
    ) as { choices: unknown[] }
    expect(two).toMatchObject({
      choices: [{ index: 0 }, { index: 1 }],
      usage: { prompt_tokens: 3, completion_tokens: 6 },
    })
    const ids = await call(`${sim.url}/completions`, { ...body, prompt: [1, 2, 3, 4] })
    expect(JSON.parse(ids.body)).toMatchObject({ usage: { prompt_tokens: 4 } })
    expect((await call(`${sim.url}/completions`, { ...body, prompt: '' })).status).toBe(400)
  })
  it('embeddings: unit vectors that depend on the text', async () => {
    const answer = await call(`${sim.url}/embeddings`, { input: ['a b', 'c', 'a b'] })
    const { data, usage } = JSON.parse(answer.body) as {
      data: { index: number; embedding: number[] }[]
      usage: object
    }
    expect(usage).toEqual({ prompt_tokens: 5, total_tokens: 5 })
    expect(data.map((d) => d.index)).toEqual([0, 1, 2])
    expect(Math.hypot(...data[0]!.embedding)).toBeCloseTo(1)
    expect(data[0]!.embedding).toEqual(data[2]!.embedding)
    expect(data[0]!.embedding).not.toEqual(data[1]!.embedding)
    const coded = await call(`${sim.url}/embeddings`, { input: 'c', encoding_format: 'base64' })
    const base64 = (JSON.parse(coded.body) as { data: { embedding: string }[] }).data[0]!.embedding
    const floats = new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
    expect(floats[3]).toBeCloseTo(data[1]!.embedding[3]!)
  })
  it('models, health, tokenize, unknown pages', async () => {
    expect(JSON.parse((await call(`${sim.url}/models`)).body)).toMatchObject({
      data: [{ id: 'sim-model', max_model_len: 131_072 }],
    })
    expect((await call(`${root}/health`)).status).toBe(200)
    const counted = await call(`${root}/tokenize`, chat())
    expect(JSON.parse(counted.body)).toMatchObject({ count: 12 })
    expect((await call(`${root}/v1/nothing`)).status).toBe(404)
    expect((await call(`${sim.url}/chat/completions`)).status).toBe(405)
  })
  it('records by HTTP, and forgets them', () =>
    withServer({}, async (s) => {
      const at = s.url.slice(0, -3)
      await call(`${s.url}/chat/completions`, chat(), { 'x-request-id': 'one' })
      await call(`${s.url}/chat/completions`, chat({ model: 'no' }), { 'x-request-id': 'two' })
      const lines = (await call(`${at}/sim/records`)).body.trim().split('\n')
      const records = lines.map((line) => JSON.parse(line) as SimRecord)
      expect(records).toMatchObject([
        { id: 'one', outcome: 'finished', promptTokens: 12, outputTokens: 6, httpStatus: 200 },
        { id: 'two', outcome: 'rejected', httpStatus: 404 },
      ])
      expect(JSON.parse((await call(`${at}/sim/stats`)).body)).toMatchObject({
        requests: 2,
        inFlight: 0,
        tokensWritten: 6,
        outcomes: { finished: 1, rejected: 1 },
      })
      await call(`${at}/sim/reset`, {})
      expect(s.records()).toEqual([])
      expect(s.stats()).toMatchObject({ requests: 0, tokensWritten: 0 })
    }))
  it("speaks vLLM's metrics", () =>
    withServer({ preset: 'engine' }, async (s) => {
      const long = { messages: [{ role: 'user', content: 'word '.repeat(100) }] }
      await call(`${s.url}/chat/completions`, chat(long))
      await call(`${s.url}/chat/completions`, chat(long))
      const text = (await call(`${s.url.slice(0, -3)}/metrics`)).body
      const metric = (name: string): string | undefined =>
        new RegExp(`^vllm:${name}\\{engine="0",model_name="sim-model"\\} (.*)$`, 'm').exec(
          text,
        )?.[1]
      expect(metric('generation_tokens_total')).toBe('12')
      const prompt = Number(metric('prompt_tokens_total'))
      expect(prompt).toBeGreaterThan(200)
      expect(metric('prefix_cache_queries_total')).toBe(String(prompt))
      const hits = Number(metric('prefix_cache_hits_total'))
      expect(hits).toBe(16 * Math.floor((prompt / 2 - 1) / 16))
      expect(s.records()[1]!.cachedTokens).toBe(hits)
      for (const name of ['num_requests_running', 'num_requests_waiting', 'kv_cache_usage_perc'])
        expect(metric(name)).toBe('0')
      for (const name of [
        'time_to_first_token_seconds',
        'e2e_request_latency_seconds',
        'request_queue_time_seconds',
        'request_prefill_time_seconds',
        'request_decode_time_seconds',
      ])
        expect(metric(`${name}_count`)).toBe('2')
      expect(metric('inter_token_latency_seconds_count')).toBe('10')
    }))
})
