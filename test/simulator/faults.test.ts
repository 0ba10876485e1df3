import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startSimulator } from '../../simulator/index.ts'
import type { SimRecord, Simulator } from '../../simulator/index.ts'
import { call, callRaw, content, eventData, frames } from './client.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

let sim: Simulator
let url: string
beforeAll(async () => {
  sim = await startSimulator({ ttftMs: 5, tpotMs: 1 })
  url = `${sim.url}/chat/completions`
})
afterAll(() => sim.close())
beforeEach(() => sim.reset())

const body = (more: object = {}): object => ({
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 10,
  ignore_eos: true,
  messages: [{ role: 'user', content: 'hi' }],
  ...more,
})
const withFault = (fault: string): ReturnType<typeof call> =>
  call(url, body(), { 'x-sim-fault': fault })
const tokensIn = (text: string): number => content(text).trim().split(/\s+/).length
/** The record comes when the connection is gone, maybe after the client has seen it. */
const lastRecord = async (): Promise<SimRecord> => {
  for (let i = 0; i < 200 && sim.records().length === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  return sim.records().at(-1)!
}

describe('streams that break', () => {
  it.each([
    ['reset@3', 'ECONNRESET', 3],
    ['cut@3', 'ECONNRESET', 3],
    ['bad-chunk@4', 'HPE_INVALID_CHUNK_SIZE', 4],
    ['truncate', undefined, 5],
  ])('%s', async (fault, error, tokens) => {
    const answer = await withFault(fault)
    expect(answer).toMatchObject({ status: 200, error })
    expect(tokensIn(answer.body)).toBe(tokens)
    expect(answer.body).not.toContain('[DONE]')
    const record = await lastRecord()
    expect(record).toMatchObject({ outcome: 'faulted', outputTokens: 10 })
    expect(record.tokenWrittenMs).toHaveLength(tokens)
    expect(sim.stats()).toMatchObject({ running: 0, inFlight: 0 })
  })
  it('before the first token', async () => {
    const answer = await withFault('truncate@0')
    expect(content(answer.body)).toBe('')
  })
  it('error-event: an error object, then [DONE], and status 200', async () => {
    const answer = await withFault('error-event@2')
    expect(answer.status).toBe(200)
    expect(frames(answer.body).at(-1)!.error!.message).toContain('engine died')
    expect(eventData(answer.body).at(-1)).toBe('[DONE]')
    expect(await lastRecord()).toMatchObject({ outcome: 'faulted' })
  })
  it('bad-json: one event that is none, all others whole', async () => {
    const answer = await withFault('bad-json')
    const bad = eventData(answer.body).filter((data) => data !== '[DONE]' && !data.endsWith('}'))
    expect(bad).toHaveLength(1)
    expect(eventData(answer.body)).toHaveLength(1 + 10 + 3 + 1)
  })
  it('long-length and short-length', async () => {
    const long = await withFault('long-length')
    expect(long.error).toBe('ECONNRESET')
    expect(long.headers['content-length']).toBe('10000000')
    expect(long.body).toContain('[DONE]')
    const { bytes } = await callRaw(sim.port, '/v1/chat/completions', body(), {
      'x-sim-fault': 'short-length',
    })
    expect(bytes.toString()).toMatch(/content-length: 600\r\n/)
    expect(bytes.toString().split('\r\n\r\n')[1]!.length).toBeGreaterThan(600)
  })
  it('no-answer: until the client goes', async () => {
    const { request } = await import('node:http')
    await new Promise<void>((resolve) => {
      const req = request(url, { method: 'POST', headers: { 'x-sim-fault': 'no-answer' } })
      req.on('error', () => resolve())
      req.on('response', () => expect.unreachable())
      req.end(JSON.stringify(body()))
      setTimeout(() => req.destroy(), 100)
    })
    expect(await lastRecord()).toMatchObject({ outcome: 'client_disconnected' })
  })
  it('garbage is no HTTP', async () => {
    await expect(withFault('garbage')).rejects.toMatchObject({ code: 'HPE_INVALID_CONSTANT' })
  })
})

describe('answers in place of a stream', () => {
  it.each([
    ['429=7', 429, '7'],
    ['429', 429, '1'],
    ['500', 500, undefined],
    ['503', 503, undefined],
    ['503=2', 503, '2'],
  ])('%s', async (fault, status, retryAfter) => {
    const answer = await withFault(fault)
    expect(answer.status).toBe(status)
    expect(answer.headers['retry-after']).toBe(retryAfter)
    expect((JSON.parse(answer.body) as { error: object }).error).toHaveProperty('message')
    expect(await lastRecord()).toMatchObject({ outcome: 'rejected', httpStatus: status })
  })
  it('a web page, and JSON although a stream was asked for', async () => {
    expect((await withFault('html')).headers['content-type']).toContain('text/html')
    const whole = await withFault('not-streaming')
    expect(whole.headers['content-type']).toBe('application/json')
    expect(JSON.parse(whole.body)).toMatchObject({ object: 'chat.completion' })
  })
})

describe('whole answers on odd ways', () => {
  it.each([
    'unicode',
    'split-utf8',
    'dribble',
    'crlf',
    'cr',
    'no-space',
    'comments',
    'ping=1',
    'burst=4',
    'coalesce=4',
    'buffered',
    'slow-headers=20',
    'early-headers=30',
    'stall=20@2',
    'crlf,split-utf8,comments,dribble',
    'hidden-reasoning',
    'no-done',
  ])('%s loses nothing', async (fault) => {
    const answer = await withFault(fault)
    expect(answer).toMatchObject({ status: 200, error: undefined })
    expect(tokensIn(answer.body)).toBe(10)
    expect(content(answer.body)).not.toContain('\ufffd')
    const record = await lastRecord()
    expect(record.outcome).toBe('finished')
    expect(record.tokenWrittenMs).toHaveLength(10)
    for (const [i, ms] of record.tokenWrittenMs.entries())
      expect(ms).toBeGreaterThanOrEqual(record.tokenScheduledMs[i]!)
  })
  it('dribble: a byte a write, head and all', async () => {
    const { bytes, reads } = await callRaw(
      sim.port,
      '/v1/chat/completions',
      body({ max_tokens: 1, stream_options: {} }),
      { 'x-sim-fault': 'dribble=1' },
    )
    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(bytes.toString()).toMatch(/\r\n0\r\n\r\n$/)
    // A reader that is held up gets some of them together.
    expect(reads.length).toBeGreaterThan(bytes.length / 10)
  })
  it('split-utf8: HTTP chunks end inside characters', async () => {
    const { bytes } = await callRaw(sim.port, '/v1/chat/completions', body(), {
      'x-sim-fault': 'split-utf8',
    })
    // A first byte of a long character followed by the CR LF that ends the chunk.
    const cuts = bytes.findIndex((byte, i) => byte > 0xbf && bytes[i + 1] === 0x0d)
    expect(cuts).toBeGreaterThan(0)
  })
  it('crlf, cr and no-space are on the wire', async () => {
    expect((await withFault('crlf')).body).toMatch(/^data: .*\r\n\r\ndata/)
    expect((await withFault('cr')).body).toMatch(/^data: [^\n]*\r\rdata/)
    expect((await withFault('no-space')).body).toMatch(/^data:\{/)
    expect((await withFault('comments')).body).toMatch(/^: a comment\n/)
    expect((await withFault('ping=1')).body).toContain(': ping\n\n')
  })
  it('burst and coalesce: several tokens an event, several events a chunk', async () => {
    expect(frames((await withFault('burst=4')).body)).toHaveLength(1 + 3 + 2)
    const { bytes } = await callRaw(sim.port, '/v1/chat/completions', body(), {
      'x-sim-fault': 'coalesce=4',
    })
    // role (written at once), 10 tokens, finish, usage, [DONE]: 1 + 13 events
    expect(bytes.toString().match(/^[0-9a-f]+\r\ndata/gm)).toHaveLength(1 + 4)
  })
  it('buffered: nothing before the last token is there', async () => {
    await withFault('buffered')
    const record = await lastRecord()
    expect(record.headersMs).toBeGreaterThanOrEqual(record.tokenScheduledMs.at(-1)!)
  })
  it('stall, slow and early headers keep their times', async () => {
    await withFault('stall=60@5')
    const stalled = (await lastRecord()).tokenWrittenMs
    expect(stalled[5]! - stalled[4]!).toBeGreaterThan(55)
    sim.reset()
    await withFault('slow-headers=60')
    const slow = await lastRecord()
    expect(slow.headersMs! - slow.arrivalMs).toBeGreaterThan(58)
    sim.reset()
    await withFault('early-headers=80')
    const early = await lastRecord()
    expect(early.firstTokenMs! - early.arrivalMs).toBeGreaterThan(78)
    expect(early.firstTokenMs! - early.headersMs!).toBeGreaterThan(40)
  })
  it('a stall for ever ends with the client', async () => {
    const answer = call(url, body(), { 'x-sim-fault': 'stall=forever' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sim.stats()).toMatchObject({ inFlight: 1, running: 0 })
    await sim.refuse(0)
    expect(await answer).toMatchObject({ error: 'ECONNRESET' })
    expect(await lastRecord()).toMatchObject({ outcome: 'server_closed' })
  })
  it('empty, no-usage, hidden-reasoning', async () => {
    const empty = await withFault('empty')
    expect(content(empty.body)).toBe('')
    expect(frames(empty.body).map((f) => f.choices[0]?.finish_reason)).toEqual([
      null,
      'stop',
      undefined,
    ])
    expect(frames(empty.body).at(-1)!.usage!.completion_tokens).toBe(0)
    expect(frames((await withFault('no-usage')).body).some((f) => f.usage)).toBe(false)
    const hidden = await withFault('hidden-reasoning=4')
    expect(frames(hidden.body).at(-1)!.usage).toMatchObject({
      completion_tokens: 40,
      completion_tokens_details: { reasoning_tokens: 30 },
    })
  })
})

describe('how a fault is chosen', () => {
  it('by the name of the model', async () => {
    const answer = await call(url, body({ model: 'sim-model:truncate@2' }))
    expect(tokensIn(answer.body)).toBe(2)
    expect((await call(url, body({ model: 'sim-model:503' }))).status).toBe(503)
  })
  it('by probability, the same again with the same seed', async () => {
    const statuses = async (): Promise<number[]> => {
      const rules = [{ fault: '500', probability: 0.3 }]
      const server = await startSimulator({ ttftMs: 1, tpotMs: 0.1, seed: 5, faults: rules })
      const got: number[] = []
      for (let i = 0; i < 60; i++)
        got.push((await call(`${server.url}/chat/completions`, body())).status)
      await server.close()
      return got
    }
    const first = await statuses()
    const failed = first.filter((status) => status === 500).length
    expect(failed).toBeGreaterThan(5)
    expect(failed).toBeLessThan(35)
    expect(await statuses()).toEqual(first)
  })
  it('at run time, and a request can refuse it', async () => {
    const control = `${sim.url.slice(0, -3)}/sim/faults`
    await call(control, { fault: '503' })
    expect((await call(url, body())).status).toBe(503)
    expect((await withFault('none')).status).toBe(200)
    await call(control, { faults: [] })
    expect((await call(url, body())).status).toBe(200)
    expect((await call(control, { fault: '503', probability: 2 })).status).toBe(400)
  })
  it.each(['nonsense', 'reset=5', 'crlf@3', 'stall=x', 'stall@'])(
    'says no to %s',
    async (fault) => {
      const answer = await withFault(fault)
      expect(answer.status).toBe(400)
      expect(answer.body).toContain(fault.split(/[=@]/)[0])
    },
  )
  it('refuses connections for a time and comes back on the same port', async () => {
    const server = await startSimulator({})
    const back = server.refuse(150)
    await expect(call(`${server.url}/models`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await back
    expect((await call(`${server.url}/models`)).status).toBe(200)
    await server.close()
    await expect(call(`${server.url}/models`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
