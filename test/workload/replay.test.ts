import { describe, expect, it } from 'vitest'

import {
  calibrate,
  replay,
  type TraceRows,
  withinBound,
  type WorkloadConfig,
} from '../../lib/workload/index.ts'
import { counting, server, TEMPLATES, TOKENIZERS } from './tokenizers.ts'

const config: WorkloadConfig = {
  load: { seed: 4 },
  inputTokens: { kind: 'constant', value: 1 },
  outputTokens: { kind: 'constant', value: 1 },
}

interface Row {
  input: number
  output?: number
  ids?: number[]
  prompt?: string
  app?: string
  session?: number
}

const trace = (rows: Row[]): TraceRows => ({
  rows: rows.length,
  inputTokens: (i) => rows[i]!.input,
  outputTokens: (i) => rows[i]!.output ?? 5,
  session: (i) => rows[i]!.session ?? 0,
  app: (i) => rows[i]!.app ?? '',
  prompt: (i) => rows[i]!.prompt ?? '',
  prefixIds: (i) => rows[i]!.ids ?? [],
  blockTokens: 512,
})

const text = (request: { messages?: { content: string }[] }) => request.messages![0]!.content
const same = (a: string, b: string) => {
  const [x, y] = [a.split(' '), b.split(' ')]
  let i = 0
  while (i < x.length && x[i] === y[i]) i++
  return i
}

describe('replay', () => {
  it('sends a prompt that is a list of messages as messages', () => {
    const messages = [
      { role: 'system', content: 'Be terse' },
      { role: 'user', content: 'Hello' },
    ]
    const asked = (prompt: string) =>
      replay(config, trace([{ input: 9, prompt }])).request(0).request
    expect(asked(JSON.stringify(messages)).messages).toEqual(messages)
    expect(asked('[{"a":1}]').messages).toEqual([{ role: 'user', content: '[{"a":1}]' }])
  })

  it('shares as many tokens as the rows share blocks', () => {
    const w = replay(
      config,
      trace([
        { input: 1700, ids: [1, 2, 3, 4] },
        { input: 2300, ids: [1, 2, 5, 6, 7] },
        { input: 900, ids: [8, 9] },
        { input: 1536, ids: [1, 2, 3] },
      ]),
    )
    const t = [0, 1, 2, 3].map((n) => text(w.request(n).request))
    // The opener, then whole blocks; the last of row 3 is cut by what the template costs.
    expect(same(t[0]!, t[1]!)).toBe(1 + 1024)
    expect(same(t[0]!, t[2]!)).toBe(1)
    expect(same(t[0]!, t[3]!)).toBeGreaterThan(1 + 1024 + 480)
    expect(w.request(4).request).toEqual(w.request(0).request)
  })

  it.each(Object.keys(TOKENIZERS))('has the lengths of the trace, counted by %s', async (name) => {
    const count = server(TOKENIZERS[name]!, TEMPLATES['short'])
    const rows = Array.from({ length: 60 }, (_, i) => ({
      input: 300 + i * 97,
      ids: i % 2 ? Array.from({ length: Math.floor((300 + i * 97) / 512) }, (_, k) => k) : [],
    }))
    const w = replay(config, trace(rows))
    const calibration = await calibrate({ frames: w.frames, countTokens: counting(count) })
    const within = rows.filter((row, n) =>
      withinBound(row.input, count(w.request(n, { calibration }).request)),
    )
    expect(within.length).toBeGreaterThanOrEqual(57)
  })

  it('sends given prompts as they are and keeps application and session', () => {
    const w = replay(config, trace([{ input: 9, output: 0, prompt: 'Hi', app: 'bot', session: 3 }]))
    expect(w.request(0)).toEqual({
      request: { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 1 },
      app: 'bot',
      inputTokens: undefined,
      outputTokens: 1,
      promptId: 'trace-0',
      session: 'trace-3',
    })
    expect(() => replay(config, trace([]))).toThrow('without rows')
  })
})
