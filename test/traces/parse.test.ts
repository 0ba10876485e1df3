import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import {
  describeProblems,
  parseTrace,
  prefixIdsOf,
  traceParser,
  type ParseOptions,
  type Trace,
} from '../../lib/traces/index.ts'

function parsed(text: string, options?: ParseOptions): Trace {
  const result = parseTrace(text, options)
  if (!result.ok) throw new Error(describeProblems(result.problems, result.report.problemCounts))
  return result.trace
}
const rowsOf = (trace: Trace) =>
  Array.from({ length: trace.rows }, (_, i) => [
    trace.atMs[i],
    trace.inputTokens[i],
    trace.outputTokens[i],
  ])
const AZURE = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-17 00:00:00.0000000,879,55
`

describe('the formats', () => {
  it('Azure: date-times with seven digits', () => {
    const trace = parsed(AZURE)
    expect(trace.format).toBe('azure')
    expect(trace.startEpochMs).toBeCloseTo(Date.UTC(2023, 10, 16, 18, 15, 46) + 680.59, 2)
    expect(trace.atMs[1]).toBeCloseTo(4314.579, 3)
    expect(trace.atMs[2]).toBeCloseTo(((5 * 60 + 44) * 60 + 13) * 1000 + 319.41, 2)
    expect([...trace.inputTokens]).toEqual([374, 396, 879])
    expect([...trace.outputTokens]).toEqual([44, 109, 55])
  })

  it('BurstGPT: seconds; the kind of use becomes the application', () => {
    const trace = parsed(
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n' +
        '5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,0,1087,API log\n',
    )
    expect(trace.format).toBe('burstgpt')
    expect(rowsOf(trace)).toEqual([
      [0, 472, 18],
      [40_000, 1087, 0],
    ])
    expect([...(trace.apps ?? [])].map((app) => trace.appNames[app])).toEqual([
      'Conversation log',
      'API log',
    ])
    expect(trace.startEpochMs).toBeUndefined()
  })

  it('our own, with all optional columns and quotes', () => {
    const trace = parsed(
      'output_tokens,timestamp_ms,input_tokens,session,app,prompt,prefix_ids,other\r\n' +
        '5,100,10,s1,chat,"Say ""hi"",\r\n\r\nplease",1 2 3,x\r\n' +
        '6,350.5,11,,rag,plain,,x\r\n' +
        '7,400,12,s1,chat,"a, b",1;2,x',
    )
    expect(rowsOf(trace)).toEqual([
      [0, 10, 5],
      [250.5, 11, 6],
      [300, 12, 7],
    ])
    expect([...(trace.sessions ?? [])]).toEqual([1, 0, 1])
    expect(trace.prompts).toEqual(['Say "hi",\n\nplease', 'plain', 'a, b'])
    expect([0, 1, 2].map((row) => prefixIdsOf(trace, row))).toEqual([[1, 2, 3], [], [1, 2]])
  })

  it('Mooncake: JSON lines in milliseconds with block ids', () => {
    const trace = parsed(
      '{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}\n\n' +
        '{"timestamp": 3000, "input_length": 10, "output_length": 3, "hash_ids": []}\n',
    )
    expect(trace.format).toBe('mooncake')
    expect(rowsOf(trace)).toEqual([
      [0, 6758, 500],
      [3000, 10, 3],
    ])
    expect(prefixIdsOf(trace, 0)).toEqual([0, 1])
    expect(trace.blockTokens).toBe(512)
  })

  it.each([
    ['semicolons', 'timestamp;input_tokens;output_tokens\n1;2;3\n'],
    ['tabs', 'timestamp\tinput_tokens\toutput_tokens\n1\t2\t3\n'],
    ['a BOM and quoted names', '\ufeff"timestamp","input_tokens","output_tokens"\n1,2,3\n'],
    ['blank lines everywhere', '\n\r\n  \ntimestamp,input_tokens,output_tokens\n\n1,2,3\n\n  \n'],
    ['names in capitals', 'Timestamp,INPUT_TOKENS,Output_Tokens\n1,2,3'],
    ['numbers as pandas writes them', 'timestamp,input_tokens,output_tokens\n1.0,2.0,3.'],
    ['JSON lines with our names', '{"timestamp":1,"input_tokens":2,"output_tokens":3}'],
  ])('our own with %s', (_, text) => {
    expect(rowsOf(parsed(text))).toEqual([[0, 2, 3]])
  })

  it.each<[string, string, number, ParseOptions?]>([
    ['seconds', '10\n12.5', 2500],
    ['seconds since 1970', '1700000000\n1700000002.5', 2500],
    ['milliseconds since 1970', '1700000000000\n1700000002500', 2500],
    ['microseconds since 1970', '1700000000000000\n1700000002500000', 2500],
    ['nanoseconds since 1970', '1700000000000000000\n1700000002500000000', 2500],
    ['the unit asked for', '10\n2510', 2500, { timeUnit: 'ms' }],
    ['T and Z', '2024-02-29T23:59:59.5Z\n2024-03-01T00:00:02Z', 2500],
    ['UTC in letters', '2024-02-29 23:59:59.5 UTC\n2024-03-01 00:00:02 UTC', 2500],
    ['offsets, not all alike', '2024-01-01T00:00:00+01:00\n2023-12-31T23:00:02.5+0000', 2500],
    ['no fraction', '2024-01-01 00:00:00\n2024-01-01 00:00:02', 2000],
  ])('timestamps: %s', (_, times, gap, options) => {
    const text = `timestamp,input_tokens,output_tokens\n${times.replaceAll('\n', ',1,1\n')},1,1\n`
    expect(parsed(text, options).atMs[1]).toBeCloseTo(gap, 2)
  })
})

describe('what is wrong with a file is said with its line', () => {
  const own = (rows: string) => `timestamp,input_tokens,output_tokens,prompt\n${rows}`
  it.each<[string, string, number, RegExp]>([
    ['empty', '', 0, /^the file is empty$/],
    ['only blank lines', '\n \n', 0, /^the file is empty$/],
    ['a header alone', AZURE.slice(0, 40), 0, /a header but no rows/],
    [
      'a wrong header',
      'a,b,c\n1,2,3',
      1,
      /header "a,b,c" is of no known trace; accepted: Azure \(TIMESTAMP/,
    ],
    ['a packed archive', '\u001f\u008b\u0000', 1, /gzip/],
    [
      'a missing column',
      'TIMESTAMP,ContextTokens\n',
      1,
      /lacks generatedtokens of the azure format/,
    ],
    [
      'two missing columns',
      '\nRequest tokens,x\n',
      2,
      /lacks timestamp and response tokens of the burstgpt/,
    ],
    [
      'a negative number',
      own('1,2,3,\n2,-5,3,'),
      3,
      /^input_tokens is "-5"; accepted: a whole number from 0/,
    ],
    ['a fraction', own('1,2.5,3,'), 2, /input_tokens is "2.5"/],
    ['NaN', own('1,2,NaN,'), 2, /output_tokens is "NaN"/],
    ['a hexadecimal number', own('1,0x10,3,'), 2, /input_tokens is "0x10"/],
    ['Infinity', own('1,Infinity,3,'), 2, /input_tokens is "Infinity"/],
    ['a huge number', own('1,99999999999,3,'), 2, /"99999999999"; accepted: .* to 10000000/],
    ['an empty field', own('1,,3,'), 2, /^input_tokens is missing/],
    ['too few fields', own('1,2'), 2, /^output_tokens is missing/],
    [
      'too many fields',
      own('1,2,3,a,b'),
      2,
      /5 fields where the header has 4; a field with "," needs quotes/,
    ],
    ['no timestamp', own(',2,3,'), 2, /^timestamp is ""; accepted: YYYY-MM-DD/],
    ['a word as timestamp', own('now,2,3,'), 2, /^timestamp is "now"/],
    ['a negative timestamp', own('-1,2,3,'), 2, /^timestamp is "-1"/],
    ['the 31st of April', own('2024-04-31 00:00:00,2,3,'), 2, /2024-04-31/],
    ['25 hours', own('2024-04-30 25:00:00,2,3,'), 2, /25:00:00/],
    ['a date among numbers', own('1,2,3,\n2024-04-30 00:00:00,2,3,'), 3, /as in the rows before/],
    ['a number among dates', own('2024-04-30 00:00:00,2,3,\n5,2,3,'), 3, /as in the rows before/],
    ['a quote never closed', own('1,2,3,a\n2,2,3,"b\n3,2,3,c\n'), 3, /quotes do not match/],
    ['text after a quote', own('1,2,3,"a"b\n2,2,3,"c"'), 2, /quotes do not match/],
    [
      'broken JSON',
      '{"timestamp":1,"input_length":2,"output_length":3}\n{"timesta',
      2,
      /not a JSON object/,
    ],
    ['JSON of something else', '{"a":1}', 1, /keys "a" is of no known trace/],
    [
      'JSON without a field',
      '{"timestamp":1,"input_length":2,"output_length":3}\n{"timestamp":2}',
      2,
      /input_length is missing/,
    ],
    [
      'a bad block id',
      '{"timestamp":1,"input_length":2,"output_length":3,"hash_ids":[1,-2]}',
      1,
      /hash_ids is "\[1,-2\]"/,
    ],
  ])('%s', (_, text, line, message) => {
    const result = parseTrace(text)
    expect(result.ok).toBe(false)
    expect(result.ok ? undefined : result.problems[0]).toMatchObject({ line })
    expect(result.ok ? '' : result.problems[0]?.message).toMatch(message)
  })

  it('counts all problems and shows the first ten', () => {
    const bad = Array.from({ length: 500 }, (_, i) => `${i},x,3,`).join('\n')
    const result = parseTrace(own(bad))
    if (result.ok) throw new Error('accepted')
    expect(result.problems.map((problem) => problem.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(result.report.problemCounts).toEqual({ bad_tokens: 500 })
    expect(describeProblems(result.problems, result.report.problemCounts)).toMatch(/and 490 more$/)
  })

  it('never shows a prompt or all of a long value', () => {
    const secret = 'my secret prompt'
    const long = 'x'.repeat(1e5)
    const texts = [own(`1,2,3,"${secret}"z`), `{"prompt":"${secret}`, own(`${long},2,3,${secret}`)]
    for (const text of texts) {
      const result = parseTrace(text)
      const said = JSON.stringify(result)
      expect(result.ok).toBe(false)
      expect(said).not.toContain(secret)
      expect(said.length).toBeLessThan(1500)
    }
  })

  it('leaves bad rows out where asked to, with their count', () => {
    const result = parseTrace(own('1,2,3,\n2,x,3,\n3,4,0,'), { badRows: 'skip' })
    if (!result.ok) throw new Error('refused')
    expect(rowsOf(result.trace)).toEqual([
      [0, 2, 3],
      [2000, 4, 0],
    ])
    expect(result.report).toMatchObject({
      badRows: 1,
      rows: 2,
      lines: 4,
      problemCounts: { bad_tokens: 1 },
      zeroTokens: { input: 0, output: 1 },
    })
    expect(parseTrace(own('2,x,3,'), { badRows: 'skip' }).ok).toBe(false)
  })

  it('sorts unordered rows and says so, or refuses them', () => {
    const text = own('5,1,1,a\n3,2,1,b\n5,3,1,c\n4,4,1,d\n')
    const result = parseTrace(text)
    if (!result.ok) throw new Error('refused')
    expect(rowsOf(result.trace)).toEqual([
      [0, 2, 1],
      [1000, 4, 1],
      [2000, 1, 1],
      [2000, 3, 1],
    ])
    expect(result.trace.prompts).toEqual(['b', 'd', 'a', 'c'])
    expect(result.report.unordered).toEqual({ rows: 2, firstLine: 3 })
    const refused = parseTrace(text, { order: 'refuse' })
    expect(refused.ok ? [] : refused.problems).toMatchObject([{ type: 'unordered', line: 3 }])
  })

  it.each<[string, ParseOptions, string, RegExp]>([
    ['rows', { maxRows: 2 }, own('1,2,3,\n2,2,3,\n3,2,3,\n4,2,3,'), /more than 2 rows/],
    [
      'characters of prompts',
      { maxPromptChars: 5 },
      own('1,2,3,abc\n2,2,3,def'),
      /more than 5 characters/,
    ],
    [
      'applications',
      { maxApps: 1 },
      'timestamp,input_tokens,output_tokens,app\n1,2,3,a\n1,2,3,b',
      /more than 1 different/,
    ],
  ])('stops at too many %s', (_, options, text, message) => {
    const result = parseTrace(text, options)
    expect(result.ok ? '' : result.problems.at(-1)?.message).toMatch(message)
  })

  it('passes over a line that never ends without holding it', () => {
    const parser = traceParser({ badRows: 'skip' })
    parser.feed(own('1,2,3,\n'))
    for (let i = 0; i < 40; i++) parser.feed('y'.repeat(1024 * 1024))
    parser.feed('\n5,6,7,\n')
    const result = parser.end()
    expect(result.ok && rowsOf(result.trace)).toEqual([
      [0, 2, 3],
      [4000, 6, 7],
    ])
    expect(result.report.problems[0]).toMatchObject({ type: 'too_long', line: 3 })
  })
})

describe('pieces', () => {
  const text =
    '\ufefftimestamp,input_tokens,output_tokens,prompt\r\n' +
    '1,2,3,"a ""b""\r\nc, d"\r\n\r\n2,3,4,"é"\r\n3,4,5,x'
  const whole = parseTrace(text)

  it('give the same trace at every split', () => {
    expect(whole.ok).toBe(true)
    for (let cut = 0; cut <= text.length; cut++) {
      const parser = traceParser()
      parser.feed(text.slice(0, cut))
      parser.feed(text.slice(cut))
      expect(parser.end()).toEqual(whole)
    }
  })

  it('give the same trace character by character, and again after the end and a reset', () => {
    const parser = traceParser()
    for (let round = 0; round < 2; round++) {
      for (const character of text) parser.feed(character)
      expect(parser.end()).toEqual(whole)
    }
    parser.feed('garbage\n1')
    parser.reset()
    parser.feed(text)
    expect(parser.end()).toEqual(whole)
  })

  it('give what papaparse gives, whatever is in the prompts', () => {
    const prompt = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', ';', '\t', '""'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(
        fc.array(prompt, { minLength: 1, maxLength: 300 }),
        fc.boolean(),
        (prompts, quotes) => {
          const csv = Papa.unparse(
            {
              fields: ['timestamp', 'input_tokens', 'output_tokens', 'prompt'],
              data: prompts.map((one, i) => [String(i), '2', '3', one]),
            },
            { newline: '\n', quotes },
          )
          const oracle = Papa.parse<string[]>(csv, { delimiter: ',', newline: '\n' }).data.slice(1)
          const trace = parsed(csv)
          expect(trace.prompts ?? prompts.map(() => '')).toEqual(oracle.map((row) => row[3]))
          expect(trace.prompts ?? prompts.map(() => '')).toEqual(prompts)
        },
      ),
    )
  })

  it('never throw, whatever the bytes', () => {
    const unit = fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '{',
      '}',
      '1',
      'timestamp',
      'input_tokens',
      'output_tokens',
      ':',
      '[',
      '-',
      '\ufeff',
      '\0',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.boolean(), (body, header) => {
        const text = header ? `timestamp,input_tokens,output_tokens\n${body}` : body
        const result = parseTrace(text)
        expect(result.ok ? result.trace.rows > 0 : result.problems.length > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
