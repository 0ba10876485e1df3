import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../../cli/trace/index.ts'
import { terminal } from '../../support/terminal.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  const to = terminal()
  const code = await main(argv, to)
  const { out, note: notes } = to.written
  return { code, out, notes, rows: out.trim().split('\n').slice(1) }
}
const fixture = (name: string) => join(import.meta.dirname, '../../traces/fixtures', name)
function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('logs as gateways write them', () => {
  it.each<[string, string[], RegExp]>([
    ['l02b_litellm_pg.csv', ['1716990379963,100,20', '1716990380500,100,20'], /^2 requests/],
    [
      'l04_otel_span.jsonl',
      ['1700000000000,100,20', '1700000001000,100,20', '1700000002000,100,20'],
      /^3 requests written, 0 rows skipped/,
    ],
    [
      'l04b_otlp_attr_list.jsonl',
      ['1700000000000,100,20', '1700000001000,100,20', '1700000002000,100,20'],
      /^3 requests written, 0 rows skipped/,
    ],
    [
      'l05_envoy_aigw.jsonl',
      ['1756548001000,100,20', '1756548002000,100,20', '1756548003000,100,20'],
      /^3 requests written, 1 rows skipped\n {2}line 1: /,
    ],
    [
      'l07b_first_usage_null.jsonl',
      ['1741796691000,100,20'],
      /^1 requests written, 1 rows skipped\n {2}line 1: /,
    ],
    ['l10_semicolon.csv', ['1741796691000,100,20', '1741796692000,100,20'], /^2 requests/],
    ['l10b_tab.tsv', ['1741796691000,100,20', '1741796692000,100,20'], /^2 requests/],
    [
      'l26_anthropic.jsonl',
      ['1741796690000,5004,200', '1741796691000,5004,200', '1741796692000,5004,200'],
      /input counts usage.cache_read_input_tokens and usage.cache_creation_input_tokens too/,
    ],
    [
      'l25_ragged.csv',
      ['1741796691000,100,20'],
      /1 requests written, 2 rows skipped\n {2}line 3: 2 fields.*\n {2}line 4: 4 fields/,
    ],
  ])('%s', async (name, rows, notes) => {
    const result = await run('from-log', fixture(name))
    expect(result.notes).toMatch(notes)
    expect(result.rows).toEqual(rows)
  })

  const usage = { time: '2025-03-12T16:24:51Z', usage: { prompt_tokens: 7, completion_tokens: 3 } }
  const span = (start: number) => ({
    startTimeUnixNano: String(start),
    attributes: [
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '7' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: 3 } },
    ],
  })
  it.each<[string, string]>([
    ['a JSON array', JSON.stringify([usage])],
    ['objects over lines', JSON.stringify(usage, null, 2)],
    [
      'Docker’s lines',
      JSON.stringify({
        log: `${JSON.stringify(usage)}\n`,
        stream: 'stdout',
        time: '2026-01-01T00:00:00Z',
      }),
    ],
    ['Kubernetes’ lines', `2025-03-12T16:24:51.1Z stdout F ${JSON.stringify(usage)}`],
    [
      'an OpenTelemetry export',
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span(1741796691e9)] }] }] }),
    ],
  ])('%s', async (_, text) => {
    expect((await run('from-log', file('some.json', text))).rows).toEqual(['1741796691000,7,3'])
  })

  it('times with a decimal comma between semicolons', async () => {
    const of = (...times: string[]) =>
      file(
        'comma.csv',
        ['ts;input_tokens;output_tokens', ...times.map((t) => `${t};100;20`)].join('\r\n'),
      )
    const { rows } = await run('from-log', of('1741796691,5', '1741796692'))
    expect(rows).toEqual(['1741796691500,100,20', '1741796692000,100,20'])
    const unclear = await run('from-log', of('1,250', '1,500'))
    expect([unclear.code, unclear.notes]).toEqual([1, expect.stringMatching(/or thousands/)])
  })

  it('spans of agents and tools are no requests, and what they hold together is a conversation', async () => {
    const of = (seconds: number, trace: string, operation: string, more: object = {}) =>
      JSON.stringify({
        traceId: trace,
        startTimeUnixNano: String((1741796691 + seconds) * 1e9),
        attributes: {
          'gen_ai.operation.name': operation,
          'gen_ai.usage.input_tokens': 7,
          'gen_ai.usage.output_tokens': 3,
          ...more,
        },
      })
    const spans = [
      of(0, 't1', 'invoke_agent'),
      of(0, 't1', 'chat'),
      of(1, 't1', 'execute_tool'),
      of(2, 't2', 'chat'),
      of(4, 't1', 'chat'),
    ]
    const { rows, notes } = await run('from-log', file('spans.jsonl', spans.join('\n')))
    expect(rows).toEqual(['1741796691000,7,3,1', '1741796693000,7,3,2', '1741796695000,7,3,1'])
    expect(notes).toMatch(/2 spans of agents and tools are no requests\n3 requests written, 0 rows/)
    const named = [1, 2].map((n) => of(n, `t${n}`, 'chat', { 'gen_ai.conversation.id': 'c' }))
    const joined = await run('from-log', file('named.jsonl', named.join('\n')))
    expect(joined.rows).toEqual(['1741796692000,7,3,1', '1741796693000,7,3,1'])
  })

  it('OpenAI’s input has the cached tokens in it, and OpenTelemetry’s', async () => {
    const row = { time: usage.time, usage: { ...usage.usage, cache_read_input_tokens: 5 } }
    expect((await run('from-log', file('a.jsonl', JSON.stringify(row)))).rows).toEqual([
      '1741796691000,7,3',
    ])
  })

  it.each([
    ['a zip archive', fixture('t36f.zip'), /this is a zip archive/],
    ['UTF-16', fixture('t20_utf16le.csv'), /this is text in UTF-16/],
  ])('%s is named', async (_, path, notes) => {
    const result = await run('from-log', path)
    expect(result.code).toBe(1)
    expect(result.notes).toMatch(notes)
  })

  it('refuses a log whose times have two units, at once', async () => {
    const row = (created: number) => JSON.stringify({ ...usage, time: undefined, created })
    const log = file('two.jsonl', `${row(1.7e9)}\n${row(1.7e12)}\n`)
    const { code, notes } = await run('from-log', log)
    expect(code).toBe(1)
    expect(notes).toMatch(/^trace from-log: line 2: 1700000000000 is no time in s/)
  })

  it.each(['"1,234"', '0x10', '1.5', '-3', '', '12345678901'])(
    'does not take %s for a number of tokens',
    async (tokens) => {
      const log = file('n.csv', `time,input_tokens,output_tokens\n1,5,5\n2,${tokens},5\n`)
      const { rows, notes } = await run('from-log', log)
      expect(rows).toEqual(['1000,5,5'])
      expect(notes).toContain('1 rows skipped\n  line 3: input_tokens')
    },
  )
})

describe('what is written', () => {
  it('never replaces the input, under another name neither', async () => {
    const log = join(folder, 'l01.jsonl')
    copyFileSync(fixture('l01_openai.jsonl'), log)
    for (const out of [log, join(folder, '.', 'x', '..', 'l01.jsonl')]) {
      const { code, notes } = await run('from-log', log, '--out', out, '--force')
      expect(code).toBe(1)
      expect(notes).toMatch(/is the input itself/)
    }
    expect(readFileSync(log, 'utf8')).toBe(readFileSync(fixture('l01_openai.jsonl'), 'utf8'))
  })

  it.each([['from-log'], ['convert']])('%s replaces a file only with --force', async (command) => {
    const name = command === 'convert' ? 'k41_two.csv' : 'l01_openai.jsonl'
    const out = file('there.csv', 'mine')
    const refused = await run(command, fixture(name), '--out', out)
    expect(refused).toMatchObject({ code: 1, notes: expect.stringMatching(/--force to replace/) })
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect((await run(command, fixture(name), '--out', out, '--force')).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^timestamp_ms,/)
  })

  it('a command that fails leaves what was there and nothing else', async () => {
    const out = file('kept.csv', 'mine')
    const bad = file('bad.jsonl', '{"time":"2025-03-12T16:24:51Z"}\n')
    const before = readdirSync(folder).sort()
    expect((await run('from-log', bad, '--out', out, '--force')).code).toBe(1)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect(readdirSync(folder).sort()).toEqual(before)
    expect(existsSync(join(folder, 'new.csv'))).toBe(false)
  })
})
