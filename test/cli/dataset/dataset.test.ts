import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main as dataset } from '../../../cli/dataset/index.ts'
import { main as trace } from '../../../cli/trace/index.ts'
import { parseDataset } from '../../../lib/workload/index.ts'
import { parseTrace, prefixIdsOf } from '../../../lib/traces/index.ts'
import { terminal } from '../../support/terminal.ts'

const PROMPTS = join(import.meta.dirname, '../../workload/fixtures/messages_snappy.parquet')
const TRACE = join(import.meta.dirname, '../../traces/fixtures/own_zstd.parquet')
const folder = () => mkdtempSync(join(tmpdir(), 'dataset-'))

async function run(command: typeof dataset, ...argv: string[]) {
  const to = terminal()
  const code = await command(argv, to)
  const { out, note: notes } = to.written
  return { code, out, notes }
}

describe('Parquet', () => {
  it('of messages becomes rows that DATASET reads', async () => {
    const { code, out } = await run(dataset, 'convert', PROMPTS)
    expect(code).toBe(0)
    expect(parseDataset(out, 'a').rows).toEqual([
      {
        id: '7',
        messages: [
          { role: 'system', content: 'Be terse.' },
          { role: 'user', content: 'Q?' },
        ],
        maxTokens: 5,
        task: { expected: ['A.'] },
      },
      { id: '8', messages: [{ role: 'user', content: 'R?' }] },
    ])
  })

  it('of a trace keeps microseconds, and ids beyond 2^53 apart', async () => {
    const { out } = await run(trace, 'convert', TRACE)
    const read = parseTrace(out)
    if (!read.ok) throw new Error(out)
    expect(out).toMatch(/^1767225600123\.456,100,7,/m)
    expect([...read.trace.atMs].map((at) => Number(at.toFixed(3)))).toEqual([0, 876.551])
    expect([...read.trace.inputTokens]).toEqual([100, 2000])
    expect(read.trace.prompts).toEqual(['a "q"\nb', 'é'])
    const [first, second] = [prefixIdsOf(read.trace, 0), prefixIdsOf(read.trace, 1)]
    expect(second[0]).toBe(first[0])
    expect(second[1]).not.toBe(first[1])
  })

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['of one byte too many', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
    [
      'with a footer of zeros',
      (bytes: Buffer) => bytes.fill(0, bytes.length >> 1, bytes.length - 8),
    ],
  ])('that is %s is refused', async (_, broken) => {
    const file = join(folder(), 'a.parquet')
    writeFileSync(file, broken(readFileSync(TRACE)))
    const { code, notes } = await run(trace, 'inspect', file)
    expect([code, notes]).toEqual([1, expect.stringContaining(`cannot read ${file}: `)])
  })
})

describe('dataset convert', () => {
  it('replaces nothing unasked, and never its input', async () => {
    const file = join(folder(), 'a.jsonl')
    writeFileSync(file, '{"prompt":"a"}')
    const own = await run(dataset, 'convert', file, '--out', file, '--force')
    expect([own.code, own.notes]).toEqual([1, expect.stringMatching(/is the input itself/)])
    const out = join(folder(), 'b.jsonl')
    expect((await run(dataset, 'convert', file, '-o', out)).code).toBe(0)
    expect((await run(dataset, 'convert', file, '-o', out)).notes).toMatch(/exists/)
    expect(readFileSync(out, 'utf8')).toBe(
      '{"id":"0","messages":[{"role":"user","content":"a"}]}\n',
    )
  })

  it('names the line that cannot be read', async () => {
    const file = join(folder(), 'a.csv')
    writeFileSync(file, 'prompt,app\na,b\n"",c\n')
    const { code, notes } = await run(dataset, 'convert', file)
    expect([code, notes]).toEqual([1, expect.stringMatching(/a\.csv line 3: no prompt/)])
  })

  it.each([[[]], [['convert']], [['other', 'a']], [['convert', 'a', '--no']]])(
    '%j is a wrong command line',
    async (argv) => {
      expect((await run(dataset, ...argv)).code).toBe(2)
    },
  )
})
