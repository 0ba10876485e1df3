import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import {
  packTrace,
  loadTrace,
  parseTrace,
  prefixIdsOf,
  traceLines,
  type Trace,
} from '../../lib/traces/index.ts'

interface Row {
  atUs: number
  input: number
  output: number
  session: number
  ids: number[]
  prompt: string
}

const row: fc.Arbitrary<Row> = fc.record({
  atUs: fc.integer({ min: 0, max: 86_400_000_000 }),
  input: fc.integer({ min: 1, max: 10_000_000 }),
  output: fc.integer({ min: 1, max: 10_000_000 }),
  session: fc.integer({ min: 1, max: 5 }),
  ids: fc.array(fc.integer({ min: 0, max: 2 ** 24 - 1 }), { maxLength: 6 }),
  prompt: fc.string({ unit: 'binary' }).map((text) => `p${text.replaceAll('\r', '')}`),
})
/** Times since the first request, rising; all different, so that an order is the order. */
const rows = fc
  .uniqueArray(row, { minLength: 2, maxLength: 30, selector: (one) => one.atUs })
  .map((list) => list.sort((a, b) => a.atUs - b.atUs))

const csv = (names: string[], data: unknown[][], delimiter = ',') =>
  Papa.unparse({ fields: names, data }, { delimiter })
const jsonl = (list: object[]) => list.map((one) => JSON.stringify(one)).join('\n')
const BASE_MS = Date.UTC(2026, 0, 1)
const exact = (value: bigint, digits: number) => {
  const text = String(value).padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
const date = ({ atUs }: Row) => {
  const ms = new Date(BASE_MS + Math.floor(atUs / 1000)).toISOString().slice(0, 23)
  return `${ms}${String(atUs % 1000).padStart(3, '0')}`.replace('T', ' ')
}

const FORMATS: Record<string, (list: Row[]) => string> = {
  azure: (list) =>
    csv(
      ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
      list.map((r) => [date(r), r.input, r.output]),
    ),
  BurstGPT: (list) =>
    csv(
      ['Timestamp', 'Model', 'Request tokens', 'Response tokens', 'Total tokens', 'Log Type'],
      list.map((r) => [
        exact(BigInt(r.atUs), 6),
        'M',
        r.input,
        r.output,
        r.input + r.output,
        'API',
      ]),
    ),
  'our own in s, semicolons': (list) =>
    csv(
      ['timestamp_s', 'input_tokens', 'output_tokens', 'session', 'prompt'],
      list.map((r) => [exact(BigInt(r.atUs), 6), r.input, r.output, r.session, r.prompt]),
      ';',
    ),
  'our own in us, tabs': (list) =>
    csv(
      ['timestamp_us', 'input_tokens', 'output_tokens', 'prefix_ids_16', 'prompt'],
      list.map((r) => [r.atUs, r.input, r.output, r.ids.join(' '), r.prompt]),
      '\t',
    ),
  'our own as an array': (list) =>
    JSON.stringify(
      list.map((r) => ({
        timestamp_us: r.atUs,
        input_tokens: r.input,
        output_tokens: r.output,
        session: r.session,
        prefix_ids: r.ids,
        prompt: r.prompt,
      })),
      null,
      1,
    ),
  Mooncake: (list) =>
    jsonl(
      list.map((r) => ({
        timestamp: r.atUs,
        input_length: r.input,
        output_length: r.output,
        hash_ids: r.ids,
      })),
    ),
  'Qwen-Bailian': (list) =>
    jsonl(
      list.map((r, i) => ({
        chat_id: i,
        parent_chat_id: list.findLastIndex((p, j) => j < i && p.session === r.session),
        timestamp: Number(exact(BigInt(r.atUs), 6)),
        input_length: r.input,
        output_length: r.output,
        hash_ids: r.ids,
      })),
    ),
  records: (list) =>
    jsonl(
      list.flatMap((r) => [
        {
          v: 1,
          record: 'request',
          outcome: 'completed',
          dueMs: r.atUs / 1000,
          startMs: r.atUs / 1000 + 7,
          inputTokens: r.input,
          outputTokens: r.output,
          session: `s${r.session}`,
          app: 'chat',
        },
        { v: 1, record: 'server', atMs: r.atUs / 1000, values: {} },
      ]),
    ),
}

/** All that a trace says, times in us. */
function facts(trace: Trace, scale = 1) {
  return Array.from({ length: trace.rows }, (_, i) => ({
    atUs: Math.round((trace.atMs[i] as number) * 1000 * scale),
    input: trace.inputTokens[i],
    output: trace.outputTokens[i],
    ...(trace.sessions && { session: trace.sessions[i] }),
    ...(trace.prompts && { prompt: trace.prompts[i] }),
    ...(trace.prefixIds && { ids: prefixIdsOf(trace, i) }),
  }))
}

describe('a trace that is written is read back, every number exact', () => {
  it.each(Object.entries(FORMATS))('%s', (name, write) => {
    fc.assert(
      fc.property(rows, (list) => {
        const result = parseTrace(write(list), name === 'Mooncake' ? { timeUnit: 'us' } : {})
        if (!result.ok) throw new Error(result.problems[0]?.message)
        const first = list[0]?.atUs ?? 0
        const read = facts(result.trace)
        expect(read).toHaveLength(list.length)
        // Sessions are numbered anew; that they keep together is what counts.
        const sessions = [...new Set(list.map((r) => r.session))]
        read.forEach((got, i) => {
          const want = list[i] as Row
          expect(got.atUs).toBe(want.atUs - first)
          expect([got.input, got.output]).toEqual([want.input, want.output])
          if (got.session !== undefined) expect(sessions[got.session - 1]).toBe(want.session)
          if (got.prompt !== undefined) expect(got.prompt).toBe(want.prompt)
          if (got.ids !== undefined) expect(got.ids).toEqual(want.ids)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('our own CSV and packed files hold what any of them held, the size of blocks too', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...Object.keys(FORMATS)), (list, name) => {
        const text = (FORMATS[name] as (list: Row[]) => string)(list)
        const options = name === 'Mooncake' ? ({ timeUnit: 'us' } as const) : {}
        const result = parseTrace(text, { ...options, blockTokens: 48 })
        if (!result.ok) throw new Error(result.problems[0]?.message)
        const packed = loadTrace(packTrace(result.trace).join('\n'), { spread: 'off' })
        const written = parseTrace([...traceLines(result.trace)].join(''))
        if (!packed.ok || !written.ok) throw new Error('refused')
        for (const back of [packed.trace, written.trace]) {
          expect(facts(back)).toEqual(facts(result.trace))
          if (back.prefixIds) expect(back.blockTokens).toBe(48)
        }
      }),
      { numRuns: 100 },
    )
  })
})
