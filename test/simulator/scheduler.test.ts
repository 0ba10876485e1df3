import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createEngine, defaultEngineConfig, simulate } from '../../simulator/index.ts'
import type { Arrival, EngineConfig } from '../../simulator/index.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

/** A step takes 10 ms, 1 ms a decoding request, 1 ms a prefill token. */
const config: EngineConfig = {
  ...defaultEngineConfig,
  stepBaseMs: 10,
  perRequestMs: 1,
  prefillTokensPerS: 1000,
  maxBatchedTokens: 64,
  maxRunning: 8,
  blockSize: 4,
  kvBlocks: 1000,
}
const arrival = (
  id: string,
  atMs: number,
  promptTokens: number,
  outputTokens: number,
  blockKeys?: string[],
): Arrival => ({ id, atMs, promptTokens, outputTokens, ...(blockKeys ? { blockKeys } : {}) })

const times = (changes: Partial<EngineConfig>, ...arrivals: Arrival[]): number[][] =>
  simulate({ ...config, ...changes }, arrivals).map((record) => record.tokenTimesMs)

describe('the timetable, computed by hand', () => {
  it('one request: a prefill step, then decode steps of one', () => {
    expect(times({}, arrival('a', 0, 20, 3))).toEqual([[30, 41, 52]])
  })
  it('begins when the request comes', () => {
    expect(times({}, arrival('a', 7.5, 20, 2))).toEqual([[37.5, 48.5]])
  })
  it('two at once share their steps', () => {
    expect(times({}, arrival('a', 0, 20, 3), arrival('b', 0, 30, 2))).toEqual([
      [60, 72, 83],
      [60, 72],
    ])
  })
  it('who comes in the middle of a step joins the next, and its prefill slows the others', () => {
    expect(times({}, arrival('a', 0, 20, 3), arrival('b', 35, 10, 2))).toEqual([
      [30, 41, 62],
      [62, 73],
    ])
  })
  it('who comes at the end of a step joins the one that begins there', () => {
    expect(times({}, arrival('a', 0, 20, 2), arrival('b', 30, 5, 1))).toEqual([[30, 46], [46]])
  })
  it('a long prompt is prefilled in chunks', () => {
    // 64 tokens in 74 ms, the other 36 in 46.
    expect(times({}, arrival('a', 0, 100, 2))).toEqual([[120, 131]])
  })
  it('decoding goes on beside a chunked prefill, which gets what is left of the step', () => {
    // a decodes at 26; then 63 of b's 70 tokens (10+1+63), then 7 (10+1+7).
    expect(times({}, arrival('a', 0, 16, 3), arrival('b', 1, 70, 1))).toEqual([
      [26, 100, 118],
      [118],
    ])
  })
  it('queues first come first served when the batch is full', () => {
    const records = simulate({ ...config, maxRunning: 1 }, [
      arrival('a', 0, 20, 2),
      arrival('b', 1, 10, 1),
      arrival('c', 2, 10, 1),
    ])
    expect(records.map((r) => r.tokenTimesMs)).toEqual([[30, 41], [61], [81]])
    expect(records.map((r) => r.scheduledMs)).toEqual([0, 41, 61])
  })
  it('context makes steps longer when asked', () => {
    // The decode step reads the 20 tokens that are in the cache, then 21.
    expect(times({ perKvTokenMs: 0.5 }, arrival('a', 0, 20, 3))).toEqual([[30, 51, 72.5]])
  })
  it('a shared prefix is not computed again', () => {
    const keys = ['1', '2', '3', '4', '5']
    const records = simulate(config, [
      arrival('a', 0, 20, 1, keys),
      arrival('same', 40, 20, 1, keys),
      arrival('longer', 100, 26, 1, [...keys, '6']),
      arrival('other', 200, 20, 1, ['x', '2', '3', '4', '5']),
    ])
    // Of an equal prompt one token must be computed, so its last block is.
    expect(records.map((r) => r.cachedTokens)).toEqual([0, 16, 20, 0])
    expect(records.map((r) => r.tokenTimesMs)).toEqual([[30], [54], [116], [230]])
  })
  it('does not look for prefixes when told not to', () => {
    const keys = ['1', '2', '3', '4', '5']
    const same = [arrival('a', 0, 20, 1, keys), arrival('b', 40, 20, 1, keys)]
    const records = simulate({ ...config, prefixCaching: false }, same)
    expect(records.map((r) => r.cachedTokens)).toEqual([0, 0])
  })
  it('preempts the youngest when the KV cache is full, and computes it again', () => {
    const records = simulate({ ...config, kvBlocks: 6 }, [
      arrival('a', 0, 8, 8),
      arrival('b', 0, 8, 8),
    ])
    // Both hold 3 blocks at 74 ms and need a fourth: b goes; it comes back when a is through, with
    // 8 + 5 tokens to compute (10 + 13 ms).
    expect(records.map((r) => r.tokenTimesMs)).toEqual([
      [26, 38, 50, 62, 74, 85, 96, 107],
      [26, 38, 50, 62, 74, 130, 141, 152],
    ])
    expect(records.map((r) => r.preemptions)).toEqual([0, 1])
  })
  it('evicts the block that was freed first', () => {
    // 4 blocks: a's prompt leaves two cached blocks, b's takes the two that were never used.
    const records = simulate({ ...config, kvBlocks: 6 }, [
      arrival('a', 0, 9, 1, ['a1', 'a2']),
      arrival('b', 100, 9, 1, ['b1', 'b2']),
      arrival('c', 200, 9, 1, ['c1', 'c2']),
      arrival('b again', 300, 9, 1, ['b1', 'b2']),
      arrival('a again', 400, 9, 1, ['a1', 'a2']),
    ])
    expect(records.map((r) => r.cachedTokens)).toEqual([0, 0, 0, 8, 0])
  })
})

describe('the state machine', () => {
  it('says what happens next and gives events in order', () => {
    const engine = createEngine(config)
    expect(engine.nextEventMs()).toBe(Infinity)
    engine.submit(arrival('a', 0, 20, 2), 5)
    expect(engine.nextEventMs()).toBe(35)
    expect(engine.advanceTo(34)).toEqual([{ type: 'scheduled', id: 'a', atMs: 5, cachedTokens: 0 }])
    expect(engine.stats()).toMatchObject({ nowMs: 34, running: 1, waiting: 0, kvUsage: 5 / 1000 })
    expect(engine.advanceTo(100)).toEqual([
      { type: 'token', id: 'a', atMs: 35, index: 0 },
      { type: 'token', id: 'a', atMs: 46, index: 1 },
      { type: 'finished', id: 'a', atMs: 46 },
    ])
    expect(engine.stats()).toMatchObject({ running: 0, kvUsage: 0 })
    expect(engine.nextEventMs()).toBe(Infinity)
  })
  it('lets a request be cancelled while it waits and while it runs', () => {
    const engine = createEngine({ ...config, maxRunning: 1 })
    engine.submit(arrival('a', 0, 20, 50), 0)
    engine.submit(arrival('b', 0, 20, 50), 0)
    engine.submit(arrival('c', 0, 10, 1), 0)
    engine.advanceTo(35)
    expect(engine.cancel('b')).toBe(true)
    expect(engine.cancel('a')).toBe(true)
    expect(engine.cancel('a')).toBe(false)
    expect(engine.stats()).toMatchObject({ running: 0, waiting: 1, kvUsage: 0 })
    // The step that runs ends at 41 as begun; then c, 10 + 10 ms.
    expect(engine.advanceTo(100).at(-1)).toEqual({ type: 'finished', id: 'c', atMs: 61 })
  })
  it.each([
    [
      'never fits',
      { promptTokens: 3990, outputTokens: 20 },
      10,
      /needs 1003 KV-cache blocks of 1000/,
    ],
    ['no output', { promptTokens: 1, outputTokens: 0 }, 10, /0 output tokens/],
    ['no prompt', { promptTokens: 0, outputTokens: 1 }, 10, /0 prompt/],
    ['earlier than now', { promptTokens: 1, outputTokens: 1 }, 3, /the clock is at 5 ms/],
  ])('refuses a request: %s', (_, request, atMs, message) => {
    const engine = createEngine(config)
    engine.advanceTo(5)
    expect(() => engine.submit({ id: 'a', ...request }, atMs)).toThrow(message)
  })
  it('refuses an impossible configuration with all its problems', () => {
    const bad = { ...config, maxRunning: 100, prefillTokensPerS: 0, blockSize: 1.5 }
    expect(() => createEngine(bad)).toThrow(
      /blockSize is 1\.5.*prefillTokensPerS is 0.*maxBatchedTokens is 64/,
    )
  })
})

const arrivals = fc
  .array(
    fc.record({
      atMs: fc.double({ min: 0, max: 500, noNaN: true }),
      promptTokens: fc.integer({ min: 1, max: 150 }),
      outputTokens: fc.integer({ min: 1, max: 40 }),
      family: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((list) =>
    list.map(({ family, ...rest }, i) => ({
      ...rest,
      id: `r${i}`,
      blockKeys: Array.from(
        { length: Math.floor(rest.promptTokens / 4) },
        (_, b) => `${family}/${b}`,
      ),
    })),
  )
const configs = fc
  .record({
    maxRunning: fc.integer({ min: 1, max: 12 }),
    maxBatchedTokens: fc.integer({ min: 12, max: 200 }),
    kvBlocks: fc.integer({ min: 48, max: 200 }),
    stepNoise: fc.constantFrom(0, 0.2),
    prefixCaching: fc.boolean(),
    seed: fc.integer(),
  })
  .map((changes) => ({ ...config, ...changes }))

describe('properties', () => {
  it('every request gets its tokens, in order, never more in the batch than allowed', () => {
    fc.assert(
      fc.property(configs, arrivals, (c, list) => {
        const engine = createEngine(c)
        const got = new Map(list.map((a) => [a.id, [] as number[]]))
        const inBatch = new Set<string>()
        const take = (ms: number): void => {
          for (const event of engine.advanceTo(ms)) {
            if (event.type === 'scheduled') inBatch.add(event.id)
            if (event.type === 'finished') inBatch.delete(event.id)
            if (event.type === 'token') {
              expect(event.index).toBe(got.get(event.id)!.length)
              got.get(event.id)!.push(event.atMs)
            }
          }
          const { running, kvUsage } = engine.stats()
          expect(running).toBeLessThanOrEqual(c.maxRunning)
          expect(kvUsage).toBeLessThanOrEqual(1)
        }
        for (const a of list.toSorted((x, y) => x.atMs - y.atMs)) {
          take(a.atMs)
          engine.submit(a, a.atMs)
        }
        for (let ms = engine.nextEventMs(); ms < Infinity; ms = engine.nextEventMs()) take(ms)
        expect(inBatch.size).toBe(0)
        expect(engine.stats()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 })
        for (const a of list) {
          const tokens = got.get(a.id)!
          expect(tokens).toHaveLength(a.outputTokens)
          expect(tokens[0]).toBeGreaterThan(a.atMs)
          expect(tokens.every((at, i) => i === 0 || at > tokens[i - 1]!)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
  it('the same run comes out the same, in one go or step by step', () => {
    fc.assert(
      fc.property(configs, arrivals, (c, list) => {
        const whole = simulate(c, list)
        expect(simulate(c, list)).toEqual(whole)
        const engine = createEngine(c)
        const events = []
        for (const a of list.toSorted((x, y) => x.atMs - y.atMs)) {
          for (let ms = engine.stats().nowMs; ms < a.atMs; ms += 3.7)
            events.push(...engine.advanceTo(ms))
          engine.submit(a, a.atMs)
        }
        events.push(...engine.advanceTo(Infinity))
        for (const record of whole) {
          const tokens = events.filter((e) => e.type === 'token' && e.id === record.id)
          expect(tokens.map((e) => e.atMs)).toEqual(record.tokenTimesMs)
        }
      }),
      { numRuns: 50 },
    )
  })
  it('first come, first taken into the batch', () => {
    fc.assert(
      fc.property(configs, arrivals, (c, list) => {
        const records = simulate(c, list).toSorted((a, b) => a.arrivalMs - b.arrivalMs)
        for (let i = 1; i < records.length; i++)
          expect(records[i]!.scheduledMs).toBeGreaterThanOrEqual(records[i - 1]!.scheduledMs!)
      }),
    )
  })
  it('another seed gives other step lengths, with the same mean', () => {
    const mean = (seed: number): number => {
      const [record] = simulate({ ...config, stepNoise: 0.1, seed }, [arrival('a', 0, 1, 3000)])
      const t = record!.tokenTimesMs
      return (t.at(-1)! - t[0]!) / (t.length - 1)
    }
    expect(mean(1)).not.toBe(mean(2))
    // sd of the mean: 1.1 / sqrt(3000) = 0.02
    expect(mean(1)).toBeCloseTo(11, 0)
    expect(Math.abs(mean(2) - 11)).toBeLessThan(0.15)
  })
  it('stops at a given time and says what is unfinished', () => {
    const [a, b] = simulate(config, [arrival('a', 0, 20, 3), arrival('b', 80, 20, 3)], 45)
    expect(a).toMatchObject({ finished: false, tokenTimesMs: [30, 41] })
    expect(b).toMatchObject({ finished: false, tokenTimesMs: [], scheduledMs: undefined })
  })
})
