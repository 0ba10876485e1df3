import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../lib/config/index.ts'
import { main } from '../../../cli/trace/index.ts'
import { SYNTHETIC_TRACES } from '../../../cli/trace/synthetic.ts'
import { loadTrace } from '../../../lib/traces/index.ts'
import { terminal } from '../../support/terminal.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trace-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  const to = terminal()
  const code = await main(argv, to)
  const { out, note: notes } = to.written
  return { code, out, notes }
}
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const data = (name: string) => join(import.meta.dirname, '../../../data/traces', name)

describe('the command line', () => {
  it.each([['inspect'], ['convert'], ['cut'], ['from-log'], ['fit']])(
    '%s has help with examples',
    async (name) => {
      const { code, out } = await run(name, '--help')
      expect(code).toBe(0)
      expect(out).toMatch(/Examples:\n {2}k6-inference trace /)
    },
  )

  it.each<[string, string[], number, RegExp]>([
    ['no command', [], 2, /^$/],
    ['an unknown command', ['toString'], 2, /no command "toString"; there are inspect, convert/],
    ['an unknown option', ['inspect', '--x', 'f'], 2, /--x: there is no such option/],
    ['no file', ['inspect'], 2, /one FILE is needed, 0 are given/],
    [
      'a file that is not there',
      ['inspect', '/nowhere/a.csv'],
      1,
      /cannot read \/nowhere\/a.csv: ENOENT/,
    ],
    [
      'several wrong values',
      ['convert', '--rate', 'x', '--busiest', '1', '--sample', '2', '--to', 'xml', 'f'],
      2,
      /--busiest is "1".*\n--rate is "x".*\n--sample is "2"; accepted: a number, 0 to 1\n--to is "xml"/s,
    ],
    [
      'two windows',
      ['cut', '--busiest', '1m', '--from', '5s', 'f'],
      2,
      /--busiest gives the window itself/,
    ],
    [
      'prompts of no field',
      ['from-log', '--prompts', 'hash', 'f'],
      2,
      /--prompts hash needs --prompt FIELD/,
    ],
  ])('%s', async (_, argv, code, message) => {
    const result = await run(...argv)
    expect(result.notes).toMatch(message)
    expect(result.code).toBe(code)
  })
})

describe('inspect', () => {
  it('gives figures that can be worked out by hand', async () => {
    const rows = Array.from({ length: 121 }, (_, i) => `${i},${100 + i},${i % 2 === 0 ? 10 : 30}`)
    const path = file('even.csv', `timestamp,input_tokens,output_tokens\n${rows.join('\n')}\n`)
    const { out } = await run('inspect', '--json', path)
    expect(JSON.parse(out)).toMatchObject({
      format: 'own',
      requests: 121,
      durationMs: 120_000,
      peakRate: 1,
      peakWindowMs: 60_000,
      gapCv: 0,
      inputTokens: { mean: 160, p50: 160, p90: 208, p99: 218.8, max: 220 },
      outputTokens: { p50: 10, p90: 30 },
      notes: ['assumed: times are seconds (by their size)'],
    })
  })

  it('draws the rate and notes what is odd', async () => {
    const path = file(
      'odd.csv',
      'timestamp,input_tokens,output_tokens,x\n5,1,1,\n1,1,0,\nz,1,1,\n9,1,1,\n',
    )
    const { code, out } = await run('inspect', '--skip-bad-rows', path)
    expect(code).toBe(0)
    expect(out).toContain('1 rows were left out:')
    expect(out).toContain('line 4: timestamp is "z"')
    expect(out).toContain('1 rows were earlier than the row before (the first in line 3); sorted')
    expect(out).toContain('0 rows have 0 input and 1 rows 0 output tokens')
    expect(out).toContain('columns not used: x')
    expect(out).toMatch(/█ +█ +█/)
    expect((await run('inspect', path)).notes).toMatch(/odd.csv: line 4: timestamp is "z"/)
  })

  it('reads gzip, and says when it is broken', async () => {
    const packed = gzipSync(readFileSync(data('chat-5min.csv')))
    const { out } = await run('inspect', file('chat.csv.gz', packed))
    expect(out).toMatch(/requests +1635\n/)
    const broken = await run('inspect', file('broken.csv.gz', packed.subarray(0, 5000)))
    expect(broken).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/cannot read .*broken.csv.gz: /) as string,
    })
  })
})

describe('convert', () => {
  it('goes to packed and back to the same trace', async () => {
    const packed = join(folder, 'prefix.packed')
    const back = join(folder, 'back.csv')
    expect(
      (
        await run(
          'convert',
          '--spread',
          'off',
          '--to',
          'packed',
          '--out',
          packed,
          data('prefix-5min.jsonl'),
        )
      ).code,
    ).toBe(0)
    expect((await run('convert', '--spread', 'off', '--out', back, packed)).code).toBe(0)
    const load = (path: string) => loadTrace(readFileSync(path, 'utf8'), { spread: 'off' })
    const [a, b] = [load(data('prefix-5min.jsonl')), load(back)]
    if (!a.ok || !b.ok) throw new Error('refused')
    expect({ ...b.trace, format: 'mooncake' }).toEqual(a.trace)
  })

  it('cuts, and says what was cut', async () => {
    const { out, notes } = await run(
      'cut',
      '--busiest',
      '1m',
      '--max-output',
      '64',
      data('chat-5min.csv'),
    )
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toBe('timestamp_ms,input_tokens,output_tokens,app')
    expect(Math.max(...lines.slice(1).map((line) => Number(line.split(',')[2])))).toBe(64)
    expect(notes).toMatch(
      new RegExp(
        `^${lines.length - 1} of 1635 requests written, from \\d+ s on; cut: 0 inputs, \\d+ outputs`,
      ),
    )
    expect((await run('cut', '--from', '1h', data('chat-5min.csv'))).notes).toMatch(
      /no request is left of 1635/,
    )
  })

  it('says when it cannot write', async () => {
    const result = await run('convert', '--out', '/nowhere/x.csv', data('chat-5min.csv'))
    expect(result).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/cannot write \/nowhere\/x.csv/) as string,
    })
  })
})

describe('from-log', () => {
  const log = [
    {
      ts: '2024-05-01T10:00:02Z',
      user: 'ann',
      usage: { prompt_tokens: 10, completion_tokens: 5 },
      ms: 1500,
      q: 'secret one',
    },
    {
      ts: '2024-05-01T10:00:01Z',
      user: 'bob',
      usage: { prompt_tokens: 20, completion_tokens: 6 },
      ms: 100,
      q: 'secret two',
    },
    { ts: '2024-05-01T10:00:03Z', user: 'ann', ms: 100, q: 'failed' },
    {
      ts: '2024-05-01T10:00:04Z',
      user: 'ann',
      usage: { prompt_tokens: 30, completion_tokens: 7 },
      ms: 0,
      q: 'secret one',
    },
  ]
  const jsonl = log.map((row) => JSON.stringify(row)).join('\n')

  it('maps fields, takes the duration off, numbers users, drops prompts, skips failures', async () => {
    const path = file('log.jsonl', `${jsonl}\nnot json\n`)
    const { code, out, notes } = await run(
      'from-log',
      '--time',
      'ts',
      '--session',
      'user',
      '--duration',
      'ms',
      '--prompt',
      'q',
      path,
    )
    const start = Date.UTC(2024, 4, 1, 10)
    expect(code).toBe(0)
    expect(out).toBe(
      'timestamp_ms,input_tokens,output_tokens,session\n' +
        `${start + 500},10,5,1\n${start + 900},20,6,2\n${start + 4000},30,7,1\n`,
    )
    expect(notes).toContain('3 requests written, 2 rows skipped')
    expect(notes).toContain('line 3: usage.prompt_tokens: a whole number of tokens is needed')
    expect(notes).toContain('line 5: not a JSON object')
    expect(out + notes).not.toMatch(/ann|bob|secret/)
  })

  it('reads CSV with quotes and keeps prompts when asked to', async () => {
    const path = file(
      'log.csv',
      'time,prompt_tokens,completion_tokens,text,kind\n10,1,2,"a, ""b""\nc",chat\n11,x,2,z,chat\n12,3,4,d,rag\n',
    )
    const { out, notes } = await run(
      'from-log',
      '--prompt',
      'text',
      '--prompts',
      'keep',
      '--app',
      'kind',
      path,
    )
    const loaded = loadTrace(out)
    if (!loaded.ok) throw new Error(loaded.message)
    expect(loaded.trace.prompts).toEqual(['a, "b"\nc', 'd'])
    expect([...(loaded.trace.apps ?? [])].map((app) => loaded.trace.appNames[app])).toEqual([
      'chat',
      'rag',
    ])
    expect([...loaded.trace.atMs]).toEqual([0, 2000])
    expect(notes).toContain('line 4: prompt_tokens')
  })

  it('turns prompts into numbers of blocks that tell what begins alike', async () => {
    const shared = 'x'.repeat(2048 * 2)
    const rows = [`${shared}one`, `${shared}two`, 'other', `${shared}one`].map((prompt, i) => ({
      timestamp: i,
      input_tokens: 1,
      output_tokens: 1,
      messages: prompt,
    }))
    const path = file('hash.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
    const { out } = await run('from-log', '--prompt', 'messages', '--prompts', 'hash', path)
    expect(
      out
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[3]),
    ).toEqual(['0 1 2', '0 1 3', '4', '0 1 2'])
  })

  it('says which fields it looked for', async () => {
    const path = file('other.jsonl', '{"when":1,"password":"p"}\n')
    const { code, notes } = await run('from-log', path)
    expect(code).toBe(1)
    expect(notes).toMatch(
      /the first row has "when, password"; say with --time FIELD \(looked for timestamp, /,
    )
    expect((await run('from-log', file('none.jsonl', ''))).notes).toContain('the log is empty')
  })
})

describe('fit', () => {
  it('finds the process and the lengths that a trace was drawn from, in words that k6 runs take', async () => {
    const { code, out } = await run('fit', data('chat-5min.csv'))
    expect(code).toBe(0)
    const given = Object.fromEntries(
      [...out.matchAll(/-e '(\w+)=([^']*)'/g)].map(([, name, text]) => [name, text]),
    )
    expect(Number(given['RATE'])).toBeCloseTo(1635 / 300, 1)
    expect(given['ARRIVALS']).toBe('gamma')
    // Drawn with a shape of 0.943; the estimate's standard error is 0.05.
    expect(Math.abs(Number(given['BURSTINESS']) - 0.943)).toBeLessThan(0.1)
    const { RATE, INPUT_TOKENS, OUTPUT_TOKENS } = given
    const env = { RATE, INPUT_TOKENS, OUTPUT_TOKENS }
    const read = parseConfig({ scenario: 'chat-steady', env })
    expect(read).toMatchObject({ ok: true, config: { load: { rate: Number(RATE) } } })
    const lengths = read.ok ? read.config.inputTokens.kind : undefined
    expect(INPUT_TOKENS?.startsWith('lognormal') ? 'lognormal' : 'empirical').toBe(lengths)
  })

  it('says when a trace is too short', async () => {
    const path = file('short.csv', 'timestamp,input_tokens,output_tokens\n1,1,1\n2,1,1\n')
    expect(await run('fit', path)).toMatchObject({
      code: 1,
      notes: expect.stringContaining('there are 2') as string,
    })
  })
})

describe('data/traces', () => {
  it.each(Object.entries(SYNTHETIC_TRACES))('%s is what the script makes', (name, make) => {
    expect(readFileSync(data(name), 'utf8')).toBe(make())
  })
})
