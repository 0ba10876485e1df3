import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import { faultKinds, startSimulator } from '../../simulator/index.ts'
import type { FormatName, Simulator } from '../../simulator/index.ts'
import { decodePieces } from '../support/decode.ts'
import { ask, bodyOf } from './ask.ts'
import { call } from './client.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

/** All formats, since every server can say 500. */
const names: readonly FormatName[] = faultKinds['500'].formats
const streamed = names.filter((name) => name !== 'embeddings')

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({ ttftMs: 4, tpotMs: 1, reasoningShare: 0.3 })
})
afterAll(() => sim.close())

describe.each(streamed)('%s', (format) => {
  const protocol = protocols[format]!

  it("streams what the client's decoder reads, and records it", async () => {
    const { answer, record } = await ask(sim, format, 'none')
    expect(answer).toMatchObject({ status: 200, error: undefined })
    const pieces = [encodeUtf8(answer.body)]
    const { log, end } = decodePieces(protocol, pieces, { collectText: true, fullParse: true })
    expect(log.filter((line) => /^(answer|reasoning)/.test(line))).toHaveLength(10)
    expect(end).toMatchObject({ done: true, malformed: 0 })
    expect(record).toMatchObject({ endpoint: format, outcome: 'finished', outputTokens: 10 })
    expect(record.tokenWrittenMs).toHaveLength(10)
    expect(record.reasoningTokens).toBe(end.reasoningText ? 3 : 0)
    if (format === 'triton') return
    expect(end.usage).toMatchObject({ input: record.promptTokens, output: 10 })
    expect(end.finishReason).toBeTruthy()
  })

  it('answers whole with the same text and counts', async () => {
    const { path, body } = bodyOf(format, 6)
    const root = `http://127.0.0.1:${sim.port}`
    const { path: plain, body: asked } = protocol.encode(
      { prompt: 'hi there', maxTokens: 6, ignoreEos: true, temperature: 0 },
      { model: 'sim-model', stream: false, includeUsage: false },
    )
    const whole = await call(`${root}${protocol.native ? plain : `/v1${plain}`}`, asked)
    const streams = await call(`${root}${path}`, body)
    const pieces = [encodeUtf8(streams.body)]
    const { end } = decodePieces(protocol, pieces, { collectText: true, fullParse: true })
    const read = protocol.decodeWhole(whole.body)
    expect(read.error).toBeUndefined()
    expect(read.text).toBe(end.text)
    if (format !== 'triton') expect(read.usage?.output).toBe(6)
  })

  it("says an error in the format's own words", async () => {
    const { answer } = await ask(sim, format, '500')
    expect(answer.status).toBe(500)
    expect(protocol.decodeWhole(answer.body).error?.message).toMatch(/Internal server error/)
  })
})

it('tells formats of one path apart by the body', async () => {
  const [tgi, sglang] = await Promise.all(
    [{ inputs: 'a' }, { text: 'a' }].map((body) =>
      call(`http://127.0.0.1:${sim.port}/generate`, body),
    ),
  )
  expect(JSON.parse(tgi!.body)).toHaveProperty('generated_text')
  expect(JSON.parse(sglang!.body)).toHaveProperty('meta_info')
})

it('takes the model from the path where the format has it there', async () => {
  const url = `http://127.0.0.1:${sim.port}/v2/models`
  const body = { text_input: 'a', parameters: { max_tokens: 2 } }
  expect((await call(`${url}/sim-model/generate`, body)).status).toBe(200)
  expect((await call(`${url}/other/generate`, body)).status).toBe(404)
})
