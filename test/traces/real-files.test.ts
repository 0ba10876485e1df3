import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  loadTrace,
  parseTrace,
  prefixIdsOf,
  tickOf,
  type ParseOptions,
} from '../../lib/traces/index.ts'

const text = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

function traceOf(name: string, options?: ParseOptions) {
  const result = parseTrace(text(name), options)
  if (!result.ok) throw new Error(result.problems.map((one) => one.message).join('\n'))
  return result
}
function problemOf(given: string): { line: number; message: string } {
  const result = parseTrace(given)
  if (result.ok) throw new Error('taken')
  expect(result.problems).toHaveLength(1)
  return result.problems[0] as { line: number; message: string }
}
/** Blocks that an earlier request had too. */
function sharedBlocks(trace: Parameters<typeof prefixIdsOf>[0]): number {
  const ids = Array.from({ length: trace.rows }, (_, row) => prefixIdsOf(trace, row)).flat()
  return ids.length - new Set(ids).size
}

describe('traces as people have them', () => {
  it.each([
    ['t08_qwen_bailian.jsonl', 59_500],
    ['k11_qwen_hour.jsonl', 3_570_000],
  ])('%s: seconds and blocks of 16 tokens, though the keys are Mooncake’s', (name, lastMs) => {
    const { trace, report } = traceOf(name)
    expect(trace.atMs.at(-1)).toBeCloseTo(lastMs, 3)
    expect(trace.blockTokens).toBe(16)
    expect(report.assumed.join()).toMatch(/seconds.*blocks of 16 tokens/)
    // The third request shares 20 blocks of its 26: 320 of 416 tokens.
    const [first, third] = [prefixIdsOf(trace, 0), prefixIdsOf(trace, 2)]
    expect(third.filter((id) => first.includes(id))).toHaveLength(20)
    expect(trace.sessions?.[2]).toBe(trace.sessions?.[0])
  })

  it.each(['k10_u40_ids.jsonl', 'k10b_small_ids.jsonl'])('%s: no block is shared', (name) => {
    const { trace } = traceOf(name)
    expect(sharedBlocks(trace)).toBe(0)
    const values = [...(trace.prefixIds?.values ?? [])]
    expect(new Set(values.map((id) => id % 2 ** 32)).size).toBe(values.length)
  })

  it('t11_mooncake_u64.jsonl: ids that a JSON number cannot hold are kept apart', () => {
    const { trace } = traceOf('t11_mooncake_u64.jsonl')
    const [first, second] = [prefixIdsOf(trace, 0), prefixIdsOf(trace, 1)]
    expect(second[0]).toBe(first[0])
    expect(new Set([...first, ...second]).size).toBe(3)
  })

  it('t13_mooncake_late_keys.jsonl: keys that are not in the first row are used', () => {
    const { trace } = traceOf('t13_mooncake_late_keys.jsonl')
    expect([0, 1, 2, 3].map((row) => prefixIdsOf(trace, row).length)).toEqual([0, 3, 0, 0])
    expect([...(trace.sessions ?? [])]).toEqual([0, 1, 1, 1])
  })

  it('p01_prompt_messages.jsonl: a prompt of messages and a session that is an object', () => {
    const { trace } = traceOf('p01_prompt_messages.jsonl')
    expect(JSON.parse(trace.prompts?.[1] ?? '')).toEqual([
      { role: 'system', content: 'Be terse' },
      { role: 'user', content: 'Hello 1' },
    ])
    expect([...(trace.sessions ?? [])].slice(0, 3)).toEqual([1, 2, 3])
  })

  it('t44b_pg_offset.csv: an offset of hours alone', () => {
    const { trace } = traceOf('t44b_pg_offset.csv')
    expect(trace.startEpochMs).toBe(Date.UTC(2023, 10, 16, 18, 15, 46, 123))
    expect([...trace.atMs]).toEqual([0, 877])
  })

  it('t34_empty_comma_rows.csv: rows of commas only are passed over and counted', () => {
    const { trace, report } = traceOf('t34_empty_comma_rows.csv')
    expect(trace.rows).toBe(2)
    expect(report).toMatchObject({ blankRows: 3, badRows: 0 })
  })

  it('t24b_rel_ms.csv: whole numbers that may be seconds or milliseconds', () => {
    expect(problemOf(text('t24b_rel_ms.csv')).message).toMatch(
      /1500 apart.*seconds or milliseconds/,
    )
    expect(traceOf('t24b_rel_ms.csv', { timeUnit: 'ms' }).trace.atMs.at(-1)).toBe(4500)
  })

  it.each([
    ['t20_utf16le.csv', /UTF-16.*save it as UTF-8/],
    ['t20b_utf16le.jsonl', /UTF-16.*save it as UTF-8/],
    ['t36f.zip', /a zip archive: unpack it/],
    ['t40_lfs.csv', /a Git LFS pointer.*git lfs pull/],
  ])('%s is named for what it is', (name, message) => {
    expect(problemOf(text(name)).message).toMatch(message)
  })
})

describe('records of a run', () => {
  const line = (fields: object) => JSON.stringify({ v: 1, ...fields })
  const request = { record: 'request', app: 'chat', outcome: 'completed', startMs: 5 }
  const records = [
    line({ record: 'run', scenario: 'x' }),
    line({ ...request, dueMs: 4, inputTokens: 70, outputTokens: 9, session: 's' }),
    line({ record: 'server', atMs: 3 }),
    line({
      ...request,
      outcome: 'failed',
      startMs: 9,
      askedInputTokens: 80,
      outputTokens: 1,
      askedOutputTokens: 30,
    }),
    line({ record: 'end' }),
  ].join('\n')

  it('are a trace of what was asked for', () => {
    const result = parseTrace(records)
    if (!result.ok) throw new Error(result.problems[0]?.message)
    const { trace, report } = result
    expect(trace).toMatchObject({ format: 'records', rows: 2, appNames: ['chat'] })
    expect([...trace.atMs]).toEqual([0, 5])
    expect([...trace.inputTokens]).toEqual([70, 80])
    expect([...trace.outputTokens]).toEqual([9, 30])
    expect(report.badRows).toBe(0)
  })
})

describe('bursts', () => {
  it('k50_bursts.csv: kept as they are when asked to', () => {
    const loaded = loadTrace(text('k50_bursts.csv'), { spread: 'off' })
    if (!loaded.ok) throw new Error(loaded.message)
    expect(loaded.trace.atMs.filter((at) => at === 2000)).toHaveLength(8)
  })

  it('at times of their own are not taken for rounded times', () => {
    const bursts = [0, 1234, 1999, 7891, 8022, 15_003].flatMap((at) => Array<number>(8).fill(at))
    expect(tickOf(bursts)).toBe(0)
  })

  it('a prompt that is given is not cut, and counted apart', () => {
    const rows = 'timestamp_s,input_tokens,output_tokens,prompt\n0,900,5,given\n1,900,5,\n'
    const loaded = loadTrace(rows, { limits: { maxInput: 100 } })
    if (!loaded.ok) throw new Error(loaded.message)
    expect([...loaded.trace.inputTokens]).toEqual([900, 100])
    expect(loaded.done.clipped).toEqual({ input: 1, output: 0, whole: 1, raised: 0 })
  })
})

describe('times of more than one kind', () => {
  const own = (...times: (string | number)[]) =>
    `timestamp,input_tokens,output_tokens\n${times.map((time) => `${time},1,1\n`).join('')}`

  it.each([
    ['seconds, then milliseconds since 1970', own(1.7e9, '1700000001000'), 3, /no time in s/],
    ['milliseconds, then seconds since 1970', own(1700000000000, 1700000001), 3, /no time in ms/],
    ['since a start, then since 1970', own(0, 1700000000000), 3, /no time in s/],
    ['since 1970, then since a start', own(1700000000, 5), 3, /no time in s/],
    [
      'milliseconds in a column of seconds',
      'timestamp_s,input_tokens,output_tokens\n1700000000000,1,1\n',
      2,
      /no time in s/,
    ],
    [
      'dates around 1970 and today',
      own('1970-01-01 00:00:00', '2026-01-01 00:00:00'),
      0,
      /20454 days/,
    ],
    ['what a spreadsheet rounded', own('1.70E+12'), 2, /"1.70E\+12"/],
  ])('%s: one error, with its line', (_, given, line, message) => {
    const problem = problemOf(given)
    expect(problem.line).toBe(line)
    expect(problem.message).toMatch(message)
  })

  it('seconds with fractions under Mooncake’s keys are seconds; whole numbers milliseconds', () => {
    const rows = (times: number[]) =>
      times.map((t) => `{"timestamp":${t},"input_length":9,"output_length":1}`).join('\n')
    const seconds = parseTrace(rows([0, 1.5, 3]))
    const ms = parseTrace(rows([0, 1500, 3000]))
    expect(seconds.ok && [...seconds.trace.atMs]).toEqual([0, 1500, 3000])
    expect(ms.ok && [...ms.trace.atMs]).toEqual([0, 1500, 3000])
  })
})

describe('decimal commas, as spreadsheets write them', () => {
  const sheet = (times: string[], delimiter = ';') =>
    [`timestamp_s${delimiter}input_tokens${delimiter}output_tokens`]
      .concat(times.map((time) => [time, 100, 5].join(delimiter)))
      .join('\r\n')

  it.each([';', '\t'])('between %j: read, and said', (delimiter) => {
    const result = parseTrace(`\ufeff${sheet(['0', '0,25', '1,500', '2', '1000,5'], delimiter)}`)
    if (!result.ok) throw new Error(result.problems[0]?.message)
    expect([...result.trace.atMs]).toEqual([0, 250, 1500, 2000, 1_000_500])
    expect(result.report.assumed).toContain('commas in times are decimal commas')
  })

  it('in seconds of dates', () => {
    const result = parseTrace(sheet(['2026-01-01 00:00:00,5', '2026-01-01 00:00:01,75']))
    expect(result.ok && [...result.trace.atMs]).toEqual([0, 1250])
  })

  it.each<[string, string[], RegExp]>([
    ['that may be thousands', ['1,250', '1,500'], /decimals or thousands/],
    ['beside points', ['0,25', '0.5'], /a decimal point, others a comma/],
    ['beside points, the other way', ['0.5', '0,75', '1'], /a decimal point, others a comma/],
    ['twice in a number', ['0,5', '1,234,567'], /"1,234,567"/],
  ])('%s: refused', (_, times, message) => {
    expect(problemOf(sheet(times)).message).toMatch(message)
  })

  it('in counts of tokens: refused', () => {
    const rows = 'timestamp_s;input_tokens;output_tokens\n0,5;1,000;5\n'
    expect(problemOf(rows).message).toMatch(/input_tokens is "1,000"; accepted: a whole number/)
  })
})

describe('JSON that is not an object a line', () => {
  const rows = [
    { timestamp_ms: 0, input_tokens: 5, output_tokens: 1, prompt: 'a } "b" { \\' },
    { timestamp_ms: 7, input_tokens: 6, output_tokens: 2, prompt: ']' },
  ]
  it.each([
    ['an array on one line', JSON.stringify(rows)],
    ['an array over lines', JSON.stringify(rows, null, 2)],
    ['an array of an object a line', `[\n${rows.map((r) => JSON.stringify(r)).join(',\r\n')}\n]\n`],
    ['objects over lines', rows.map((r) => JSON.stringify(r, null, 2)).join('\n')],
  ])('%s', (_, given) => {
    const result = parseTrace(given)
    expect(result.ok && result.trace.prompts).toEqual(rows.map((r) => r.prompt))
    expect(result.ok && [...result.trace.atMs]).toEqual([0, 7])
  })

  it.each([
    ['[\n{"timestamp_ms":0,"input_tokens":1,"output_tokens":1}', /never closed: is the file cut/],
    ['[{"timestamp_ms":0,', /object that is never closed/],
    ['[1,2]', /a JSON object is needed here/],
  ])('%j is refused', (given, message) => {
    expect(problemOf(given).message).toMatch(message)
  })
})
