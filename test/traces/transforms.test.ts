import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { mean, standardDeviation } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import {
  busiestWindow,
  changeTrace,
  clipLengths,
  loadTrace,
  packTrace,
  parseTrace,
  prefixIdsOf,
  prefixText,
  sampleTrace,
  scaleRate,
  speedUp,
  spreadTicks,
  tickOf,
  traceElements,
  traceReader,
  unpackTrace,
  windowOf,
  type Trace,
} from '../../lib/traces/index.ts'
import { arrivalTimes } from '../../lib/load/index.ts'
import { ksTest } from '../../scripts/bench/arrivals/goodness.ts'

/** A trace whose n-th request has n + 1 input tokens, so that rows can be told apart. */
function traceAt(times: ArrayLike<number>, more: Partial<Trace> = {}): Trace {
  const rows = times.length
  return {
    format: 'own',
    rows,
    atMs: Float64Array.from(times),
    inputTokens: new Uint32Array(rows).map((_, i) => i + 1),
    outputTokens: new Uint32Array(rows).fill(10),
    appNames: [],
    blockTokens: 512,
    startEpochMs: undefined,
    ...more,
  }
}
const gapsOf = (times: Float64Array) =>
  Array.from(times.slice(1), (time, i) => time - (times[i] as number))
const cvOf = (times: Float64Array) => standardDeviation(gapsOf(times)) / mean(gapsOf(times))
const isRising = (times: Float64Array) => gapsOf(times).every((gap) => gap >= 0)
const bursty = (seconds: number, shape = 0.25) =>
  arrivalTimes(
    [{ startMs: 0, endMs: seconds * 1000, from: 10, to: 30 }],
    { kind: 'gamma', shape },
    3,
  )

describe('windows', () => {
  const trace = traceAt([0, 100, 200, 5000, 5050, 5100, 5200, 9000], { startEpochMs: 1e12 })

  it('keep their requests and count time from their start', () => {
    const cut = windowOf(trace, 4000, 1100)
    expect([...cut.atMs]).toEqual([1000, 1050])
    expect([...cut.inputTokens]).toEqual([4, 5])
    expect(cut.startEpochMs).toBe(1e12 + 4000)
    expect(windowOf(trace, 6000, 1000).rows).toBe(0)
    expect(windowOf(trace, 0, Infinity)).toEqual(trace)
  })

  it('find the busiest, as trying every start does', () => {
    expect(busiestWindow(trace.atMs, 200)).toEqual({ fromMs: 5000, requests: 3 })
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        (at, forMs) => {
          const times = Float64Array.from(at).sort()
          const best = Math.max(
            ...times.map((t) => times.filter((x) => x >= t && x < t + forMs).length),
          )
          const found = busiestWindow(times, forMs)
          expect(found.requests).toBe(best)
          expect(windowOf(traceAt(times), found.fromMs, forMs).rows).toBe(best)
        },
      ),
    )
  })

  it('speed-up divides times', () => {
    expect(Array.from(speedUp(trace, 10).atMs.subarray(0, 4))).toEqual([0, 10, 20, 500])
  })
})

describe('scaling the rate', () => {
  const trace = traceAt(bursty(600))

  it.each([0.1, 0.5, 1, 1.5, 2, 7])(
    'keeps duration, rate over time and burstiness (times %f)',
    (factor) => {
      const scaled = scaleRate(trace, factor, 5)
      expect(Math.abs(scaled.rows - trace.rows * factor)).toBeLessThanOrEqual(1)
      expect(isRising(scaled.atMs)).toBe(true)
      expect(scaled.atMs.at(-1)).toBeLessThanOrEqual((trace.atMs.at(-1) as number) + 1e-6)
      // Within a minute's rounding, each minute has its share.
      for (let minute = 0; minute < 9; minute++) {
        const before = windowOf(trace, minute * 60_000, 60_000).rows
        const after = windowOf(scaled, minute * 60_000, 60_000).rows
        expect(Math.abs(after - before * factor)).toBeLessThanOrEqual(2)
      }
      const kept = cvOf(scaled.atMs) / cvOf(trace.atMs)
      // Few rounds of a tenth of the gaps: a sample of them.
      expect(Math.abs(kept - 1)).toBeLessThan(factor < 1 ? 0.2 : 0.06)
    },
  )

  it('keeps what thinning loses', () => {
    expect(cvOf(trace.atMs)).toBeGreaterThan(1.8)
    expect(cvOf(sampleTrace(trace, 0.1, 5).atMs)).toBeLessThan(1.4)
    expect(cvOf(scaleRate(trace, 0.1, 5).atMs)).toBeGreaterThan(1.5)
  })

  it('numbers sessions and blocks of copies apart, and leaves those of the first round', () => {
    const small = traceAt([0, 10, 20, 30], {
      sessions: Uint32Array.of(1, 0, 1, 2),
      prefixIds: { ends: Float64Array.of(2, 3, 3, 5), values: Float64Array.of(0, 1, 0, 0, 4) },
    })
    const scaled = scaleRate(small, 2, 1)
    expect(scaled.rows).toBe(8)
    const rows = Array.from({ length: 8 }, (_, i) => i)
    const original = rows.filter((i) => prefixIdsOf(scaled, i).every((id) => id <= 4))
    const bySource = (source: number) => rows.filter((i) => scaled.inputTokens[i] === source + 1)
    for (let source = 0; source < 4; source++) expect(bySource(source)).toHaveLength(2)
    expect(
      bySource(0)
        .map((i) => scaled.sessions?.[i])
        .sort(),
    ).toEqual([1, 4])
    expect(bySource(1).map((i) => scaled.sessions?.[i])).toEqual([0, 0])
    expect(
      bySource(3)
        .map((i) => prefixIdsOf(scaled, i).join())
        .sort(),
    ).toEqual(['0,4', '5,6'])
    expect(original.length).toBe(5)
    expect(scaleRate(small, 1, 9).sessions?.slice().sort()).toEqual(Uint32Array.of(0, 1, 1, 2))
  })
})

describe('sampling', () => {
  it('takes about the share, the same for the same seed', () => {
    const trace = traceAt(bursty(300))
    const sample = sampleTrace(trace, 0.3, 1)
    const sd = Math.sqrt(trace.rows * 0.21)
    expect(Math.abs(sample.rows - trace.rows * 0.3)).toBeLessThan(4 * sd)
    expect(sampleTrace(trace, 0.3, 1)).toEqual(sample)
    expect(sampleTrace(trace, 0.3, 2)).not.toEqual(sample)
  })

  it('keeps conversations whole', () => {
    const sessions = new Uint32Array(1000).map((_, i) => i % 100)
    const sample = sampleTrace(
      traceAt(
        sessions.map((_, i) => i),
        { sessions },
      ),
      0.5,
      1,
    )
    const counts = new Map<number, number>()
    for (const session of sample.sessions ?? []) counts.set(session, (counts.get(session) ?? 0) + 1)
    for (const [session, count] of counts) if (session !== 0) expect(count).toBe(10)
    expect(counts.size).toBeGreaterThan(30)
    expect(counts.size).toBeLessThan(70)
  })
})

describe('lengths', () => {
  it('are cut to the limits, the output first, never below 1, and counted', () => {
    const trace = traceAt([0, 1, 2, 3], {
      inputTokens: Uint32Array.of(100, 5000, 0, 4000),
      outputTokens: Uint32Array.of(50, 600, 0, 9000),
    })
    const { trace: clipped, clipped: counts } = clipLengths(trace, {
      maxOutput: 500,
      maxTotal: 4096,
    })
    expect([...clipped.inputTokens]).toEqual([100, 3596, 1, 3596])
    expect([...clipped.outputTokens]).toEqual([50, 500, 1, 500])
    expect(counts).toEqual({ input: 2, output: 2, whole: 0, raised: 1 })
  })

  it('stay within the context, whatever the lengths', () => {
    const lengths = fc.array(fc.nat(10_000), { minLength: 1 })
    fc.assert(
      fc.property(lengths, fc.integer({ min: 2, max: 5000 }), (all, maxTotal) => {
        const tokens = Uint32Array.from(all)
        const { trace } = clipLengths(
          traceAt(
            all.map((_, i) => i),
            { inputTokens: tokens, outputTokens: tokens.slice().reverse() },
          ),
          { maxTotal },
        )
        trace.inputTokens.forEach((input, i) => {
          expect(input).toBeGreaterThanOrEqual(1)
          expect(trace.outputTokens[i]).toBeGreaterThanOrEqual(1)
          expect(input + (trace.outputTokens[i] as number)).toBeLessThanOrEqual(maxTotal)
        })
      }),
    )
  })
})

describe('ticks', () => {
  const ticks = Float64Array.from({ length: 3000 }, (_, i) => Math.floor(i / 10) * 3000)

  it('are found in quantised times only', () => {
    expect(tickOf(ticks)).toBe(3000)
    expect(tickOf(bursty(60))).toBe(0)
    expect(tickOf([0, 1000, 1000, 2000, 3000])).toBe(0)
    expect(tickOf([])).toBe(0)
    expect(tickOf([5, 5, 5])).toBe(0)
  })

  it('are spread uniformly within themselves, in order', () => {
    const spread = spreadTicks(traceAt(ticks), 3000, 1)
    expect(isRising(spread.atMs)).toBe(true)
    spread.atMs.forEach((at, i) => {
      expect(at).toBeGreaterThanOrEqual(ticks[i] as number)
      expect(at).toBeLessThan((ticks[i] as number) + 3000)
    })
    const offsets = [...spread.atMs].map((at) => (at % 3000) / 3000)
    expect(ksTest(offsets, (x) => x).p).toBeGreaterThan(0.01)
    expect(tickOf(spread.atMs)).toBe(0)
  })

  it('end where the next time begins', () => {
    const spread = spreadTicks(traceAt([0, 0, 0, 100, 100, 3100]), 3000, 1)
    expect(isRising(spread.atMs)).toBe(true)
    expect(spread.atMs[2]).toBeLessThan(100)
  })
})

describe('a packed trace', () => {
  const text =
    'timestamp_ms,input_tokens,output_tokens,session,app,prompt,prefix_ids\n' +
    Array.from(
      { length: 3000 },
      (_, i) => `${i * 1.5},${i},${i % 7},${i % 5},a${i % 2},"p, ${i}",${i % 3} 7`,
    ).join('\n')
  const parsed = parseTrace(text)
  if (!parsed.ok) throw new Error('refused')
  const elements = packTrace(parsed.trace, { source: 'test' })

  it('gives every row back', () => {
    const reader = traceReader(elements)
    for (const row of [0, 1, 255, 256, 2047, 2048, 2999]) {
      expect(reader.dueMs(row)).toBe(row * 1.5)
      expect(reader.inputTokens(row)).toBe(row)
      expect(reader.outputTokens(row)).toBe(row % 7)
      expect(reader.session(row)).toBe((row % 5) + 1)
      expect(reader.app(row)).toBe(`a${row % 2}`)
      expect(reader.prompt(row)).toBe(`p, ${row}`)
      expect(reader.prefixIds(row)).toEqual([row % 3, 7])
    }
    expect(reader).toMatchObject({ rows: 3000, lastMs: 2999 * 1.5, notes: { source: 'test' } })
  })

  it('unpacks to the trace it was made of, also from the lines of a file', () => {
    expect(unpackTrace(elements)).toEqual(parsed.trace)
    const loaded = loadTrace(`${elements.join('\n')}\n`)
    expect(loaded.ok && loaded.trace.prompts).toEqual(parsed.trace.prompts)
    expect(loadTrace(elements.slice(0, 3).join('\n'))).toMatchObject({
      ok: false,
      message: expect.stringContaining('cut short') as string,
    })
  })
})

describe('all changes together', () => {
  const text = `timestamp,input_tokens,output_tokens\n${Array.from({ length: 600 }, (_, i) => `${i},2000,100`).join('\n')}`

  it('are done in their order', () => {
    const loaded = loadTrace(text, {
      from: 60,
      forMs: 120_000,
      speed: 10,
      limits: { maxOutput: 64 },
    })
    if (!loaded.ok) throw new Error(loaded.message)
    expect(loaded.trace.rows).toBe(120)
    expect(loaded.trace.atMs.at(-1)).toBeCloseTo(11_994, 6)
    expect(loaded.done).toEqual({
      tickMs: 0,
      fromMs: 60,
      clipped: { input: 0, output: 120, whole: 0, raised: 0 },
    })
  })

  it('say when nothing is left, and pass a parser’s problems on', () => {
    expect(loadTrace(text, { from: 1e9 })).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /^no request is left of 600: the trace runs from 0 to 599000 ms/,
      ) as string,
    })
    expect(loadTrace('')).toEqual({ ok: false, message: 'the file is empty' })
    expect(loadTrace(`${text}\nx,1,1\n`)).toMatchObject({
      message: expect.stringMatching(/^line 602: timestamp is "x"/) as string,
    })
  })
})

describe('elements for a SharedArray', () => {
  const text = 'timestamp,input_tokens,output_tokens\n0,0,5\n1,20,6\n2,30,7\n'

  it('carry what was done and found', () => {
    const made = traceElements(text, { from: 1000 })
    if (!made.ok) throw new Error(made.message)
    const reader = traceReader(made.elements)
    expect([reader.rows, reader.dueMs(1), reader.inputTokens(0)]).toEqual([2, 1000, 20])
    expect(reader.notes).toMatchObject({
      done: { fromMs: 1000 },
      report: { zeroTokens: { input: 1 } },
    })
  })

  it('of a packed file are its lines, unless something is to change', () => {
    const made = traceElements(text)
    if (!made.ok) throw new Error(made.message)
    const packed = `${made.elements.join('\n')}\n`
    expect(traceElements(packed)).toEqual(made)
    const faster = traceElements(packed, { speed: 2 })
    expect(faster.ok && traceReader(faster.elements).dueMs(2)).toBe(1000)
    for (const cut of [2, 10, 100]) {
      const message = expect.stringContaining('cut short') as string
      expect(traceElements(packed.slice(0, -cut))).toEqual({ ok: false, message })
      expect(loadTrace(packed.slice(0, -cut))).toEqual({ ok: false, message })
    }
    expect(traceElements('')).toEqual({ ok: false, message: 'the file is empty' })
  })
})

describe('text of shared blocks', () => {
  const block = (id: number, tokens: number) =>
    Array.from({ length: tokens }, (_, i) => `b${id}w${i}`).join(' ')
  const own = (tokens: number) => Array.from({ length: tokens }, (_, i) => `own${i}`).join(' ')

  it('is the same as far as ids are, and as long as the prompt', () => {
    const a = prefixText([0, 1, 2], 25, 10, block, own)
    const b = prefixText([0, 1, 3], 28, 10, block, own)
    expect(a.split(' ')).toHaveLength(25)
    expect(b.split(' ')).toHaveLength(28)
    expect(a.split(' ').slice(0, 20)).toEqual(b.split(' ').slice(0, 20))
    expect(a.split(' ')[20]).not.toBe(b.split(' ')[20])
  })

  it('has text of its own beyond the ids, and leaves out ids beyond its length', () => {
    expect(prefixText([7], 12, 10, block, own)).toBe(`${block(7, 10)} own0 own1`)
    expect(prefixText([7, 8, 9], 10, 10, block, own)).toBe(block(7, 10))
    expect(prefixText([], 2, 10, block, own)).toBe('own0 own1')
  })
})

const shared = new URL('../../../shared/data/traces/', import.meta.url)
const real = [shared, new URL('../../../../shared/data/traces/', import.meta.url)].find((folder) =>
  existsSync(folder),
)

describe.skipIf(real === undefined)('real traces (../shared/data/traces)', () => {
  const read = (name: string) => readFileSync(new URL(name, real), 'utf8')

  it('Azure 2023 conversation: the published figures', () => {
    const result = parseTrace(read('AzureLLMInferenceTrace_conv.csv'))
    if (!result.ok) throw new Error('refused')
    const { trace } = result
    expect(trace.rows).toBe(19_366)
    expect(cvOf(trace.atMs)).toBeCloseTo(1.09, 2)
    expect(trace.atMs.at(-1)).toBeGreaterThan(58 * 60_000)
    expect(tickOf(trace.atMs)).toBe(0)
    const { trace: tenMinutes } = changeTrace(trace, {
      from: 'busiest',
      forMs: 600_000,
      speed: 10,
      limits: { maxOutput: 64 },
    })
    expect(tenMinutes.rows / 60).toBeGreaterThan(55)
    expect(Math.max(...tenMinutes.outputTokens)).toBe(64)
  })

  it('Mooncake: ticks of 3 s and block ids', () => {
    const result = parseTrace(read('mooncake_conversation_first4000.jsonl'))
    if (!result.ok) throw new Error('refused')
    const { trace } = result
    expect(trace.rows).toBe(4000)
    expect(tickOf(trace.atMs)).toBe(3000)
    expect(prefixIdsOf(trace, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    const { trace: spread } = changeTrace(trace, {})
    expect(cvOf(spread.atMs)).toBeLessThan(1.3)
    expect(cvOf(trace.atMs)).toBeGreaterThan(2)
    // Ids cover the prompt: as many blocks as its length needs.
    for (let row = 0; row < trace.rows; row++) {
      const blocks = Math.ceil((trace.inputTokens[row] as number) / 512)
      expect(prefixIdsOf(trace, row).length).toBe(blocks)
    }
  })
})
