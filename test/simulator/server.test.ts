import { spawn } from 'node:child_process'
import http from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { startSimulator } from '../../simulator/index.ts'
import type { SimRecord, Simulator, SimulatorSettings } from '../../simulator/index.ts'
import { call, content, frames } from './client.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

const withServer = async <T>(
  settings: SimulatorSettings,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> => {
  const simulator = await startSimulator(settings)
  try {
    return await use(simulator)
  } finally {
    await simulator.close()
  }
}
const body = (more: object = {}): object => ({
  stream: true,
  max_tokens: 20,
  ignore_eos: true,
  messages: [{ role: 'user', content: 'hi' }],
  ...more,
})
const until = async (what: () => boolean): Promise<void> => {
  for (let i = 0; i < 1000 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what()).toBe(true)
}
const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

describe('the timetable in real time', () => {
  it('fixed: scheduled to the digit, written soon after and never before', () =>
    withServer({ ttftMs: 40, tpotMs: 4 }, async (s) => {
      await Promise.all(Array.from({ length: 20 }, () => call(`${s.url}/chat/completions`, body())))
      expect(s.records()).toHaveLength(20)
      const late: number[] = []
      for (const record of s.records()) {
        for (const [i, at] of record.tokenScheduledMs.entries()) {
          // Epoch ms have a resolution of 1/4096 ms.
          expect(at - record.arrivalMs).toBeCloseTo(40 + 4 * i, 2)
          late.push(record.tokenWrittenMs[i]! - at)
        }
        expect(record.headersMs! - record.arrivalMs).toBeLessThan(40)
        expect(record.firstTokenMs).toBe(record.tokenWrittenMs[0])
        expect(record.endMs).toBeGreaterThanOrEqual(record.lastTokenMs!)
      }
      expect(Math.min(...late)).toBeGreaterThan(-0.01)
      // On an idle machine about 1 ms, on a busy one far more: the statistics say how much it was.
      expect(s.stats().latenessMaxMs).toBeCloseTo(Math.max(...late), 1)
      expect(s.stats().latenessP50Ms).toBeLessThanOrEqual(Math.max(...late) + 0.01)
    }))
  it('engine: a batch shares its steps, the queue waits', () =>
    withServer(
      { preset: 'engine', engine: { stepBaseMs: 5, perRequestMs: 0, maxRunning: 2 } },
      async (s) => {
        await Promise.all(
          Array.from({ length: 3 }, () => call(`${s.url}/chat/completions`, body())),
        )
        const records = s.records().toSorted((a, b) => a.sequence - b.sequence)
        const third = records.toSorted((a, b) => a.scheduledMs! - b.scheduledMs!)[2]!
        const firstEnd = Math.min(...records.map((r) => r.tokenScheduledMs.at(-1)!))
        expect(third.scheduledMs).toBeGreaterThanOrEqual(firstEnd)
        for (const record of records) {
          const gaps = record.tokenScheduledMs
            .slice(1)
            .map((at, i) => at - record.tokenScheduledMs[i]!)
          expect(median(gaps)).toBeCloseTo(5, 2)
        }
      },
    ))
  it('a cold model: the first request waits, and again after idleness', () =>
    withServer({ ttftMs: 5, tpotMs: 1, coldStartMs: 120, coldAfterMs: 150 }, async (s) => {
      const ttft = (record: SimRecord): number => record.firstTokenMs! - record.arrivalMs
      await call(`${s.url}/chat/completions`, body())
      await call(`${s.url}/chat/completions`, body())
      await new Promise((resolve) => setTimeout(resolve, 200))
      await call(`${s.url}/chat/completions`, body())
      const [first, warm, again] = s.records()
      expect(ttft(first!)).toBeGreaterThanOrEqual(125)
      expect(warm!.tokenScheduledMs[0]! - warm!.arrivalMs).toBeCloseTo(5, 2)
      expect(ttft(again!)).toBeGreaterThanOrEqual(125)
    }))
})

describe('prefix cache', () => {
  it("a conversation's next turn finds the last one, answer included", () =>
    withServer({ preset: 'engine', template: 'chatml', tokenizer: 'subword' }, async (s) => {
      const messages = [{ role: 'user', content: 'many words here '.repeat(20) }]
      const turn = async (): Promise<SimRecord> => {
        const answer = await call(`${s.url}/chat/completions`, body({ messages, max_tokens: 64 }))
        messages.push({ role: 'assistant', content: content(answer.body) })
        messages.push({ role: 'user', content: 'and then' })
        return s.records().at(-1)!
      }
      const first = await turn()
      const second = await turn()
      expect(first.cachedTokens).toBe(0)
      // All full blocks of what was computed: prompt and answer but for its last token.
      expect(second.cachedTokens).toBe(16 * Math.floor((first.promptTokens + 63) / 16))
    }))
  it('tells the client of it, or not', () =>
    withServer({ preset: 'engine', cachedTokensInUsage: false }, async (s) => {
      const answer = await call(`${s.url}/chat/completions`, body({ stream: false }))
      expect(answer.body).not.toContain('cached_tokens')
    }))
})

describe('clients and bounds', () => {
  it.each(['fixed', 'engine'] as const)('%s: a client that leaves frees its place', (preset) =>
    withServer({ preset, tpotMs: 5 }, async (s) => {
      const req = http.request(`${s.url}/chat/completions`, { method: 'POST' }, (res) =>
        res.once('data', () => req.destroy()),
      )
      req.on('error', () => undefined)
      req.end(JSON.stringify(body({ max_tokens: 5000 })))
      await until(() => s.records().length === 1)
      expect(s.records()[0]).toMatchObject({ outcome: 'client_disconnected', outputTokens: 5000 })
      expect(s.stats()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0, inFlight: 0 })
    }),
  )
  it('several requests on one connection, the next one after the last', () =>
    withServer({ ttftMs: 2, tpotMs: 1 }, async (s) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const ports = new Set<number>()
      const one = (): Promise<string> =>
        new Promise((resolve, reject) => {
          const req = http.request(
            `${s.url}/chat/completions`,
            { method: 'POST', agent },
            (res) => {
              let text = ''
              res.on('data', (read: Buffer) => (text += read.toString()))
              res.on('end', () => resolve(text))
            },
          )
          req.on('socket', (socket) => socket.once('ready', () => ports.add(socket.localPort!)))
          req.on('error', reject)
          req.end(JSON.stringify(body()))
        })
      const answers = await Promise.all([one(), one(), one()])
      agent.destroy()
      for (const answer of answers) expect(frames(answer)).toHaveLength(22)
      expect(ports.size).toBe(1)
    }))
  it('keeps the newest records within its bounds', () =>
    withServer({ ttftMs: 1, tpotMs: 0.1, maxRecords: 4, maxRecordedTokens: 50 }, async (s) => {
      for (let i = 0; i < 6; i++)
        await call(`${s.url}/chat/completions`, body({ max_tokens: i < 5 ? 5 : 40 }))
      // 6 requests, 4 may stay; with 40 tokens of the last, two of 5 beside it.
      expect(s.records().map((r) => r.sequence)).toEqual([3, 4, 5])
      expect(s.stats()).toMatchObject({ requests: 6, recordsDropped: 3 })
    }))
  it('says all that is wrong with its settings', async () => {
    const settings = {
      reasoningShare: 2,
      tokenizer: 'magic' as 'word',
      models: [],
      faults: [{ fault: 'explode', probability: 3 }],
      wire: { tokensPerChunk: 0 },
    }
    const error = await startSimulator(settings).catch((e: unknown) => e as Error)
    for (const part of [
      'reasoningShare is 2',
      '"magic"',
      'models is empty',
      'explode',
      'probability 3;',
      'is 0;',
    ])
      expect((error as Error).message).toContain(part)
  })
  it('a taken port is an error', () =>
    withServer({}, async (s) => {
      await expect(startSimulator({ port: s.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    }))
  it('closes with streams open', async () => {
    const s = await startSimulator({})
    const answer = call(`${s.url}/chat/completions`, body({ max_tokens: 5000 }))
    await until(() => s.stats().inFlight === 1)
    await s.close()
    expect(await answer).toMatchObject({ error: 'ECONNRESET' })
    expect(s.records()[0]).toMatchObject({ outcome: 'server_closed' })
  })
})

describe('command line', () => {
  const run = (...args: string[]): ReturnType<typeof spawn> =>
    spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts', ...args])
  const finished = (
    child: ReturnType<typeof spawn>,
  ): Promise<{ code: number | null; out: string }> =>
    new Promise((resolve) => {
      let out = ''
      child.stdout!.on('data', (d: Buffer) => (out += d.toString()))
      child.stderr!.on('data', (d: Buffer) => (out += d.toString()))
      child.on('close', (code) => resolve({ code, out }))
    })
  it('prints its URL, serves, ends on SIGTERM', { timeout: 60_000 }, async () => {
    const child = run('--port', '0', '--ttft', '5', '--model', 'mine', '--stats')
    const end = finished(child)
    const url = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (d: Buffer) => resolve(d.toString().trim())),
    )
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/)
    expect((await call(`${url}/models`)).body).toContain('"mine"')
    child.kill('SIGTERM')
    const { code, out } = await end
    expect(code).toBe(0)
    expect(out).toContain('"requests": 0')
  })
  it('explains itself and its errors', { timeout: 60_000 }, async () => {
    const [help, wrong, unknown] = await Promise.all([
      finished(run('--help')),
      finished(run('--ttft', 'soon')),
      finished(run('--nonsense')),
    ])
    expect(help).toMatchObject({ code: 0 })
    expect(help.out).toContain('split-utf8')
    expect(wrong).toMatchObject({ code: 1 })
    expect(wrong.out).toContain('--ttft is "soon"; a number is accepted')
    expect(unknown.code).toBe(1)
    expect(unknown.out).toContain('--nonsense')
  })
})
