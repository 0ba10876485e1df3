import { describe, expect, it } from 'vitest'

import type { LengthSpec } from '../../lib/config/index.ts'
import type { GenerationRequest } from '../../lib/protocols/index.ts'
import {
  calibrate,
  type Calibration,
  chat,
  parseCalibration,
  withinBound,
  type Workload,
  type WorkloadConfig,
} from '../../lib/workload/index.ts'
import { counting, server, TEMPLATES, TOKENIZERS } from './tokenizers.ts'

const config: WorkloadConfig = {
  load: { seed: 11 },
  inputTokens: { kind: 'lognormal', median: 300, sigma: 1, min: 80, max: 6000 },
  outputTokens: { kind: 'constant', value: 10 },
}

const shareWithin = (
  workload: Workload,
  calibration: Calibration,
  count: (request: GenerationRequest) => number,
  requests = 400,
) => {
  let within = 0
  for (let n = 0; n < requests; n++) {
    const { request, inputTokens } = workload.request(n, { calibration })
    if (withinBound(inputTokens ?? NaN, count(request))) within++
  }
  return within / requests
}

const table = Object.keys(TOKENIZERS).flatMap((tokenizer) =>
  Object.keys(TEMPLATES).map((template) => ({ tokenizer, template })),
)

describe('calibrate', () => {
  it.each(table)('makes lengths true: $tokenizer, template $template', async (row) => {
    const count = server(TOKENIZERS[row.tokenizer]!, TEMPLATES[row.template])
    // With a token a byte, template, fixed text and nonce alone take some 200 tokens.
    const min = row.tokenizer === 'bytes' ? 256 : 80
    const workload = chat({ ...config, inputTokens: { ...config.inputTokens, min } as LengthSpec })
    const calibration = await calibrate({ frames: workload.frames, countTokens: counting(count) })
    expect(shareWithin(workload, calibration, count)).toBeGreaterThanOrEqual(0.95)
    expect(calibration.source).toBe('usage')
    expect(calibration.requests).toBeLessThanOrEqual(180)
    expect(calibration.checks.every((c) => withinBound(c.wanted, c.counted))).toBe(true)
    expect(JSON.stringify(calibration).length).toBeLessThan(6000)
  })

  it('takes few requests where the words fit', async () => {
    const countTokens = counting(server(TOKENIZERS['words']!, TEMPLATES['short']))
    const calibration = await calibrate({ frames: chat(config).frames, countTokens })
    expect(calibration.requests).toBeLessThanOrEqual(15)
    expect(calibration.badWords).toEqual([])
  })

  it('asks for one token and works on through single failures', async () => {
    const count = server(TOKENIZERS['words']!, TEMPLATES['short'])
    let calls = 0
    const calibration = await calibrate({
      frames: chat(config).frames,
      countTokens: (request) => {
        expect(request.maxTokens).toBe(1)
        return Promise.resolve(calls++ % 5 === 2 ? undefined : count(request))
      },
    })
    expect(calibration.badWords).toEqual([])
    expect(shareWithin(chat(config), calibration, count)).toBe(1)
  })

  it('says so when the server counts nothing', async () => {
    const countTokens = () => Promise.resolve(undefined)
    const calibration = await calibrate({ frames: chat(config).frames, countTokens })
    expect(calibration.source).toBe('none')
    expect(calibration.warnings.join()).toContain('estimates')
    expect(calibration.requests).toBe(2)
  })

  // A small model on a CPU: 75 prompt tokens/s, one request at a time, some ms for each.
  describe.each([3000, 6000, 20_000])('in %d ms on a server of 75 tokens/s', (budgetMs) => {
    it.each(Object.keys(TOKENIZERS))('is done in time: %s', async (tokenizer) => {
      const count = server(TOKENIZERS[tokenizer]!, TEMPLATES['short'])
      const workload = chat({ ...config, inputTokens: { kind: 'constant', value: 1500 } })
      let nowMs = 0
      const calibration = await calibrate({
        frames: workload.frames,
        budgetMs,
        now: () => nowMs,
        countTokens: (request, withinMs) => {
          const tokens = count(request)
          const tookMs = 20 + (tokens / 75) * 1000
          nowMs += Math.min(tookMs, withinMs)
          return Promise.resolve(tookMs > withinMs ? undefined : tokens)
        },
      })
      expect(nowMs).toBeLessThanOrEqual(budgetMs)
      expect(calibration.source).toBe('usage')
      const checked = calibration.checks.length > 0
      expect(checked || calibration.warnings.join().includes('not checked')).toBe(true)
      // Whatever there was no time for: the mean is not far off, or it is said to be a guess.
      const lengths = [0, 1, 2, 3, 4].map((n) =>
        count(workload.request(n, { calibration }).request),
      )
      const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
      const off = Math.abs(mean / 1500 - 1)
      const guessed = calibration.warnings.join().includes('estimates of one token a word')
      expect(guessed || off < 0.25, `${mean} tokens`).toBe(true)
      expect(guessed, tokenizer).toBe(tokenizer === 'bytes' && budgetMs < 6000)
    })
  })

  it('needs few and short prompts where the words fit, however slow the server is', async () => {
    const count = server(TOKENIZERS['words']!, TEMPLATES['short'])
    let nowMs = 0
    let tokens = 0
    const calibration = await calibrate({
      frames: chat(config).frames,
      budgetMs: 6000,
      now: () => nowMs,
      countTokens: (request) => {
        tokens += count(request)
        nowMs += (count(request) / 75) * 1000
        return Promise.resolve(count(request))
      },
    })
    expect(calibration.requests).toBeLessThanOrEqual(8)
    expect(tokens).toBeLessThanOrEqual(450)
    expect(shareWithin(chat(config), calibration, count)).toBeGreaterThanOrEqual(0.95)
  })

  it('goes without where the server is too slow for a single prompt', async () => {
    let nowMs = 0
    const calibration = await calibrate({
      frames: chat(config).frames,
      budgetMs: 2000,
      now: () => nowMs,
      countTokens: (_, withinMs) => {
        nowMs += withinMs
        return Promise.resolve(undefined)
      },
    })
    expect(nowMs).toBe(2000)
    expect(calibration).toMatchObject({ source: 'none', requests: 1 })
    expect(calibration.warnings.join()).toContain('within 2000 ms')
  })

  it('reports a miss that it cannot help', async () => {
    // A server that cuts prompts at 500 tokens without a word.
    const count = server(TOKENIZERS['words']!, TEMPLATES['short'])
    const countTokens = counting((request) => Math.min(500, count(request)))
    const calibration = await calibrate({ frames: chat(config).frames, countTokens })
    expect(calibration.checks).toContainEqual({ wanted: 1024, counted: 500 })
    expect(calibration.warnings.join()).toContain('1024 tokens has 500')
  })

  it('measures what a further turn adds', async () => {
    for (const template of Object.values(TEMPLATES)) {
      const countTokens = counting(server(TOKENIZERS['words']!, template))
      const frames = chat(config).frames
      const calibration = await calibrate({ frames, countTokens, conversations: true })
      // Two messages' marks and the opener of the question.
      expect(calibration.turnOverhead).toBe(2 * template.message + 1)
    }
  })
})

describe('parseCalibration', () => {
  it('gives back what was saved, with the same prompts', async () => {
    for (const tokenizer of ['few words split', 'bytes']) {
      const count = server(TOKENIZERS[tokenizer]!, TEMPLATES['short'])
      const workload = chat(config)
      const made = await calibrate({ frames: workload.frames, countTokens: counting(count) })
      const read = parseCalibration(JSON.stringify(made))
      if (!read.ok) throw new Error(read.problem)
      expect(read.calibration).toEqual(made)
      expect(workload.request(5, { calibration: read.calibration })).toEqual(
        workload.request(5, { calibration: made }),
      )
    }
  })

  const good = {
    version: 1,
    wordList: 1,
    source: 'usage',
    badWords: [1, 2],
    overheads: { chat: 9 },
    turnOverhead: 5,
  }
  it.each([
    ['', /not JSON/],
    ['[1', /not JSON/],
    ['null', /not a JSON object/],
    [{ ...good, version: 2 }, /version is 2/],
    [{ ...good, wordList: 9 }, /word list 9/],
    [{ ...good, source: 'guess' }, /"guess", accepted: usage/],
    [{ ...good, badWords: [1e6] }, /badWords/],
    [{ ...good, badWords: [1, 1] }, /badWords/],
    [{ ...good, badWords: Array.from({ length: 965 }, (_, i) => i) }, /leaves no words/],
    [{ ...good, costs: { words: [1, 2], tokens: [1] } }, /costs/],
    [{ ...good, costs: { words: [1, 2], tokens: [1, 0] } }, /costs/],
    [{ ...good, overheads: { chat: -1 } }, /overheads/],
    [{ ...good, overheads: [1] }, /overheads/],
    [{ ...good, turnOverhead: 'x' }, /turnOverhead/],
  ])('refuses %j', (value, problem) => {
    const read = parseCalibration(typeof value === 'string' ? value : JSON.stringify(value))
    expect(read).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })

  it('reads one that has the needed fields only', () => {
    expect(parseCalibration(JSON.stringify(good))).toMatchObject({ ok: true, calibration: good })
  })
})
