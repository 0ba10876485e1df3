import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'

import {
  BUILTIN_SETS,
  builtinRows,
  parseDataset,
  promptsOf,
  shuffled,
  type WorkloadConfig,
} from '../../lib/workload/index.ts'

const config: WorkloadConfig = {
  load: { seed: 9 },
  inputTokens: { kind: 'constant', value: 1 },
  outputTokens: { kind: 'constant', value: 77 },
}

describe('parseDataset', () => {
  it('reads the same from JSONL and CSV', () => {
    const rows = [
      { id: 'x', prompt: 'One, "two"\nthree', system: 'Be short.', max_tokens: 5, expected: '3' },
      { id: 'y', prompt: 'Größe 北京', app: 'chat' },
      { id: 'z', messages: JSON.stringify([{ role: 'user', content: 'hi' }]), max_tokens: 9 },
    ]
    const csv = Papa.unparse({
      fields: ['id', 'prompt', 'messages', 'system', 'max_tokens', 'expected', 'app'],
      data: rows,
    })
    const jsonl = rows.map((r) => JSON.stringify(r)).join('\n')
    const fromJsonl = parseDataset(jsonl, 'set.jsonl')
    expect(fromJsonl.problems).toEqual([])
    expect(fromJsonl.rows).toEqual([
      {
        id: 'x',
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: 'One, "two"\nthree' },
        ],
        maxTokens: 5,
        task: { expected: ['3'] },
      },
      { id: 'y', messages: [{ role: 'user', content: 'Größe 北京' }], app: 'chat' },
      { id: 'z', messages: [{ role: 'user', content: 'hi' }], maxTokens: 9 },
    ])
    expect(parseDataset(csv, 'set.csv')).toEqual(fromJsonl)
    expect(parseDataset(`\ufeff${csv}`, 'set.CSV')).toEqual(fromJsonl)
    expect(parseDataset(jsonl.replaceAll('\n', '\r\n\r\n'), 'set.jsonl')).toEqual(fromJsonl)
  })

  it.each([
    ['', 'a.jsonl', 'a.jsonl: no rows'],
    ['{"prompt":"a"}\n{oops', 'a.jsonl', 'a.jsonl line 2: not a JSON object on one line'],
    ['[1]', 'a.jsonl', 'line 1: a JSON object is needed'],
    ['{"text":"a","x":1}', 'a.jsonl', 'line 1: no prompt or messages; fields are text, x'],
    ['{"prompt":"  "}', 'a.jsonl', 'prompt must be a text that is not empty'],
    ['{"prompt":5}', 'a.jsonl', 'prompt must be a text that is not empty, is 5'],
    ['{"prompt":"a","max_tokens":0}', 'a.jsonl', 'max_tokens must be a whole number from 1, is 0'],
    ['{"prompt":"a","max_tokens":"many"}', 'a.jsonl', 'is "many"'],
    ['{"prompt":"a","system":[]}', 'a.jsonl', 'system must be a text, is []'],
    ['{"prompt":"a","app":"a b"}', 'a.jsonl', 'app must be 1 to 40 letters'],
    ['{"messages":[]}', 'a.jsonl', 'at least one message'],
    ['{"messages":[{"role":"bot","content":""}]}', 'a.jsonl', 'messages[0].role must be one of'],
    ['{"messages":[{"role":"user","content":[]}]}', 'a.jsonl', 'messages[0].content must be'],
    ['', 'a.csv', 'a.csv: no rows'],
    ['text,size\na,1', 'a.csv', 'line 1: the header must have a column prompt or'],
    ['prompt,app\na', 'a.csv', 'a.csv line 2: 1 fields where the header has 2'],
    ['prompt,max_tokens\n"a\nb",3\n\nc,x', 'a.csv', 'a.csv line 5: max_tokens'],
    ['prompt,app\n"a" b,chat', 'a.csv', 'line 2:'],
    ['prompt\tapp\na', 'a.tsv', 'a.tsv line 2: 1 fields'],
  ])('says what is wrong in %j', (text, name, problem) => {
    const { problems } = parseDataset(text, name)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('keeps the good lines and a bounded list of the bad', () => {
    const lines = Array.from({ length: 100 }, (_, i) => (i % 2 ? '{' : '{"prompt":"p"}'))
    const { rows, problems } = parseDataset(lines.join('\n'), 'a.jsonl')
    expect(rows).toHaveLength(50)
    expect(problems).toHaveLength(21)
    expect(problems[20]).toBe('a.jsonl: 30 more lines with problems')
  })

  it('bounds the number of applications, which become tags', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `{"prompt":"p","app":"a${i}"}`)
    expect(parseDataset(lines.join('\n'), 'a.jsonl').problems[0]).toContain('more than 32')
  })

  it('never throws and never makes up rows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('a.csv', 'a.jsonl'),
        (text, name) => {
          const { rows, problems } = parseDataset(text, name)
          if (rows.length === 0) expect(problems.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})

describe('built-in sets', () => {
  it('are those in data/prompts, to the letter', () => {
    const folder = new URL('../../data/prompts/', import.meta.url)
    const files = readdirSync(folder).filter((f) => f.endsWith('.jsonl'))
    expect(files.map((f) => f.replace('.jsonl', '')).sort()).toEqual([...BUILTIN_SETS].sort())
    for (const name of BUILTIN_SETS) {
      const text = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
      const fromFile = parseDataset(text, `${name}.jsonl`)
      expect(fromFile.problems).toEqual([])
      expect(builtinRows(name)).toEqual(fromFile.rows)
    }
  })

  it('have their expected answer in the passages', () => {
    for (const row of builtinRows('rag'))
      expect(row.messages.at(-1)?.content.toLowerCase()).toContain(
        row.task?.expected?.[0]?.toLowerCase(),
      )
  })
})

describe('promptsOf', () => {
  const rows = builtinRows('chat', 'quiz')

  it('sends every prompt once a round, each time with a beginning of its own', () => {
    const workload = promptsOf(config, rows)
    const texts = Array.from({ length: 3 * rows.length }, (_, n) => workload.request(n))
    const ids = texts.map((t) => t.promptId.split('#')[0])
    for (let round = 0; round < 3; round++)
      expect(new Set(ids.slice(round * rows.length, (round + 1) * rows.length)).size).toBe(
        rows.length,
      )
    expect(ids.slice(0, rows.length)).not.toEqual(ids.slice(rows.length, 2 * rows.length))
    const heads = texts.map((t) => t.request.messages![0]!.content.split(' ', 5).join(' '))
    expect(new Set(heads).size).toBe(texts.length)
  })

  it('sends them as they are when natural', () => {
    const workload = promptsOf({ ...config, cache: 'natural' }, rows)
    for (let n = 0; n < rows.length; n++) {
      const { request, promptId, task } = workload.request(n)
      const row = rows.find((r) => r.id === promptId)!
      expect(request.messages).toEqual(row.messages)
      expect(task).toEqual(row.task)
      expect(request.maxTokens).toBe(row.maxTokens)
    }
  })

  it('bounds answers by the row or the configuration and lets checked ones end', () => {
    const plain = { id: '0', messages: [{ role: 'user' as const, content: 'a' }] }
    const context = { controls: { minTokens: true, ignoreEos: true } }
    expect(promptsOf(config, [plain]).request(0, context)).toMatchObject({
      outputTokens: 77,
      inputTokens: undefined,
      app: 'dataset',
      request: { maxTokens: 77, minTokens: 77, ignoreEos: true },
    })
    const checked = promptsOf(config, [{ ...plain, task: { expected: ['b'] }, app: 'quiz' }])
    const { request, outputTokens, app } = checked.request(0, context)
    expect(request).not.toHaveProperty('ignoreEos')
    expect(outputTokens).toBeUndefined()
    expect(app).toBe('quiz')
    expect(() => promptsOf(config, [])).toThrow('without rows')
  })
})

describe('shuffled', () => {
  it('is a permutation in every round', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 700 }), fc.nat(50), (seed, size, round) => {
        const places = new Set<number>()
        for (let i = 0; i < size; i++) places.add(shuffled(seed, round * size + i, size))
        expect(places.size).toBe(size)
        expect(Math.max(...places)).toBe(size - 1)
      }),
      { numRuns: 60 },
    )
  })

  it('puts each item at each place alike', () => {
    const size = 8
    const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0))
    const rounds = 8000
    for (let n = 0; n < rounds * size; n++) counts[n % size]![shuffled(3, n, size)]!++
    // Expected 1,000 each, standard deviation 30.
    for (const count of counts.flat()) expect(Math.abs(count - rounds / size)).toBeLessThan(180)
  })
})
