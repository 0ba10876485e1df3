import { afterAll, describe, expect, it } from 'vitest'

import type { GenerationRequest } from '../../lib/protocols/index.ts'
import {
  calibrate,
  chat,
  mix,
  type RequestContext,
  withinBound,
  type WorkloadConfig,
} from '../../lib/workload/index.ts'
import { startSimulator, type Simulator, type SimulatorSettings } from '../../simulator/index.ts'

const config: WorkloadConfig = {
  load: { seed: 21 },
  inputTokens: { kind: 'lognormal', median: 500, sigma: 0.8, min: 300, max: 3000 },
  outputTokens: { kind: 'constant', value: 1 },
}

const started: Simulator[] = []
afterAll(() => Promise.all(started.map((s) => s.close())))

/** What the server says about a request: its prompt tokens and those found in its cache. */
const start = async (settings: SimulatorSettings) => {
  const simulator = await startSimulator({ ttftMs: 0, tpotMs: 0, ...settings })
  started.push(simulator)
  return async (request: GenerationRequest) => {
    const response = await fetch(`${simulator.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'sim-model',
        messages: request.messages,
        tools: request.tools,
        max_tokens: 1,
      }),
    })
    const { usage } = (await response.json()) as {
      usage: { prompt_tokens: number; prompt_tokens_details?: { cached_tokens: number } }
    }
    return { tokens: usage.prompt_tokens, cached: usage.prompt_tokens_details?.cached_tokens ?? 0 }
  }
}

describe('against the simulated server', () => {
  it.each([
    ['word', 'none'],
    ['subword', 'llama'],
    ['bytepair', 'chatml'],
    ['bytepair', 'qwen'],
    ['byte', 'qwen'],
  ] as const)(
    'lengths are true by its count: tokenizer %s, template %s',
    async (tokenizer, template) => {
      const ask = await start({ tokenizer, template })
      const workload = chat(config)
      const calibration = await calibrate({
        frames: workload.frames,
        countTokens: async (request) => (await ask(request)).tokens,
      })
      let within = 0
      for (let n = 0; n < 60; n++) {
        const { request, inputTokens } = workload.request(n, { calibration })
        if (withinBound(inputTokens!, (await ask(request)).tokens)) within++
      }
      expect(within).toBeGreaterThanOrEqual(57)
    },
  )

  it('its prefix cache stays cold, also for a mix, and is as warm as asked', async () => {
    const ask = await start({
      preset: 'engine',
      engine: { stepBaseMs: 0.1, prefillTokensPerS: 1e7, maxBatchedTokens: 16_384 },
    })
    const share = async (workload: ReturnType<typeof chat>, context: RequestContext) => {
      let [tokens, cached] = [0, 0]
      for (let n = 0; n < 40; n++) {
        const answer = await ask(workload.request(n, context).request)
        tokens += answer.tokens
        cached += answer.cached
      }
      return cached / tokens
    }
    expect(await share(chat(config), { salt: 'a' })).toBe(0)
    // The same again is what a second run with one seed would meet; a salt of its own helps.
    expect(await share(chat(config), { salt: 'a' })).toBeGreaterThan(0.9)
    expect(await share(chat(config), { salt: 'b' })).toBe(0)
    const shared: WorkloadConfig = { ...config, cache: 'shared', prefixShare: 0.5, prefixPool: 1 }
    const found = await share(chat(shared), { salt: 'c' })
    expect(found).toBeGreaterThan(0.35)
    expect(found).toBeLessThan(0.5)
    // No tools: they stand before the messages in the template, and are alike in all prompts.
    const mixed = mix(config, { chat: 1, rag: 1, structured: 1, code: 1 })
    expect(await share(mixed, { salt: 'd' })).toBe(0)
  }, 30_000)
})
