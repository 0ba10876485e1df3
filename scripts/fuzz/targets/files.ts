import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../../../cli/command.ts'
import { fromLog, noCounts } from '../../../cli/trace/index.ts'
import { readJudgedFile, readReply } from '../../../lib/judge/index.ts'
import { createRecordReader } from '../../../lib/records/index.ts'
import { readResults } from '../../../lib/results/index.ts'
import { createMetricsReader } from '../../../lib/server-metrics/index.ts'
import { loadTrace, parseTrace, traceParser, type Trace } from '../../../lib/traces/index.ts'
import { parseDataset } from '../../../lib/workload/index.ts'
import { sameReading, waysToCut } from '../cut.ts'
import type { Target } from './types.ts'

const tests = join(import.meta.dirname, '../../../test')

function filesIn(folder: string, most = 4000): string[] {
  return readdirSync(join(tests, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(tests, folder, name), 'utf8').slice(0, most))
}

const people = () => [...filesIn('traces/fixtures'), ...filesIn('workload/fixtures')]

const trace: Target = {
  name: 'traces',
  weight: 2,
  bytes: false,
  seeds: people,
  pieces: [],
  check(input, random) {
    for (const badRows of ['refuse', 'skip'] as const) {
      const result = parseTrace(input, { badRows })
      if (result.ok) checkTrace(result.trace)
      else if (result.problems.length === 0) throw new Error('refused without a reason')
    }
    loadTrace(input)
    const readings = waysToCut(input, random).map((pieces) => {
      const parser = traceParser({ badRows: 'skip' })
      for (const piece of pieces) parser.feed(piece)
      const result = parser.end()
      // How much was passed over behind what it was refused for does not matter.
      return result.ok ? result : result.problems
    })
    sameReading('the trace', readings)
  },
}

function checkTrace({ rows, atMs, inputTokens, outputTokens }: Trace): void {
  if (rows === 0) throw new Error('a trace without rows')
  let before = 0
  for (let i = 0; i < rows; i++) {
    const at = atMs[i] as number
    if (!(at >= before && Number.isFinite(at))) throw new Error(`time ${at} in row ${i}`)
    before = at
    if (!((inputTokens[i] as number) + (outputTokens[i] as number) <= 2e7))
      throw new Error(`tokens in row ${i}`)
  }
}

const dataset: Target = {
  name: 'data sets',
  weight: 4,
  bytes: false,
  seeds: people,
  pieces: [],
  check(input) {
    const { rows, problems } = parseDataset(input, 'a.csv')
    if (rows.length === 0 && problems.length === 0) throw new Error('no rows and no problem')
    for (const { messages } of rows) {
      const good = messages.every((message) => typeof message.content === 'string')
      if (messages.length === 0 || !good) throw new Error('a row without messages')
    }
  },
}

const log: Target = {
  name: 'logs',
  weight: 4,
  bytes: false,
  seeds: people,
  pieces: [],
  async check(input) {
    const counts = noCounts()
    const options = { fields: {}, prompts: 'drop', durationUnit: 'ms' } as const
    let made = ''
    try {
      for await (const line of fromLog([input], options, counts)) made += line
    } catch (error) {
      if (error instanceof InputError && error.message !== '') return
      throw error
    }
    const back = parseTrace(made)
    // Times of another kind in between are told when the trace is read.
    if (back.ok && back.trace.rows !== counts.written) throw new Error('rows were lost')
  },
}

const request = {
  v: 1,
  record: 'request',
  ...{ id: 'load-1', startMs: 0, sentMs: 1, firstTokenMs: 30, lastTokenMs: 60, endMs: 61 },
  ...{ outcome: 'completed', reason: '', phase: 'steady', measured: true, app: 'chat', model: 'm' },
  ...{ promptId: 'chat-1', outputTokens: 4, tokenSource: 'usage', chunks: 4, clock: 'socket' },
  received: { steady: 4 },
}

const records: Target = {
  name: 'records',
  weight: 4,
  bytes: false,
  seeds: () => [
    `level=info msg=x\n${JSON.stringify(request)}\n${JSON.stringify({ ...request, notes: ['resent'], gapsMs: [1, 2] })}\n`,
    '{"v":1,"record":"answer","id":"a-1","prompt":"p","answer":"a","answerCut":3,"toolCalls":[{"name":"f","arguments":"{}"}],"expected":["b"]}\n',
    '{"v":1,"record":"server","atMs":5,"values":{"llm_server_running":3}}\n{"v":1,"record":"end","atMs":9}\n',
  ],
  pieces: ['"endMs":-1', '"v":2', '"record":"run"', '"received":[]', '"notes":"x"', '\n{'],
  check(input, random) {
    const readings = waysToCut(input, random).map((pieces) => {
      const seen: unknown[] = []
      const reader = createRecordReader({
        onRequest: (record, line) => seen.push([line, record]),
        onAnswer: (record, line) => seen.push([line, record]),
        onServer: (record, line) => seen.push([line, record]),
        onRun: (record, line) => seen.push([line, record]),
        onEnd: (record, line) => seen.push([line, record]),
        onProblem: (problem) => seen.push(problem),
      })
      for (const piece of pieces) reader.feed(piece)
      return [reader.end(), seen]
    })
    sameReading('the records', readings)
  },
}

const results: Target = {
  name: 'results files',
  weight: 4,
  bytes: false,
  seeds: () => filesIn('report/fixtures', 200_000).filter((text) => text.startsWith('{')),
  pieces: ['"metrics":', '"total":', '"version":', '"format":', '"p50":null', '-1', '{}'],
  check(input) {
    const read = readResults(input)
    if (!read.ok && read.message === '') throw new Error('refused without a reason')
  },
}

const judged: Target = {
  name: "judges' replies and files",
  weight: 4,
  bytes: false,
  seeds: () => [
    '{"reason": "good", "score": 7}',
    '<think>7?</think>\n```json\n{"reason": "", "score": 10}\n```',
    '{"record":"judge","v":1,"runStartedAt":null,"judgedAt":"x","url":"u","settings":{"api":"chat","model":"m","rubric":"r","scale":{"from":1,"to":10},"pass":7,"maxTokens":9,"body":""},"answers":1,"price":null}\n{"record":"judged","id":"a","nth":1,"outcome":"scored","rating":7,"requests":1,"badReplies":0,"tokens":{"input":1,"cached":0,"output":1},"uncounted":0,"most":{"input":0,"cached":0,"output":0},"labels":{"phase":"p","app":"chat"}}\n',
  ],
  pieces: ['"score": 999', '"rating":11', '"outcome":"error"', '```', '</think>', '\n{'],
  check(input) {
    const reply = readReply(input, 'stop', { from: 1, to: 10 })
    if (reply.ok && !(reply.rating >= 1 && reply.rating <= 10)) throw new Error('off the scale')
    const { head, latest } = readJudgedFile(input)
    for (const { rating } of latest.values()) {
      const { from = 0, to = -1 } = head?.settings.scale ?? {}
      if (rating !== undefined && !(rating >= from && rating <= to))
        throw new Error('off its scale')
    }
  },
}

const exposition: Target = {
  name: 'expositions',
  weight: 4,
  bytes: false,
  seeds: () => filesIn('support/exposition'),
  pieces: [
    '# TYPE ',
    '{',
    '}',
    '="',
    '",',
    ' NaN',
    ' +Inf',
    ' -1',
    ' 1e309',
    '\n',
    '_total',
    '_bucket',
  ],
  check(input, random) {
    const readings = waysToCut(input, random).map((pieces) => {
      const reader = createMetricsReader()
      for (const piece of pieces) reader.feed(piece)
      return reader.end()
    })
    sameReading('the exposition', readings)
    for (const [name, value] of Object.entries(readings[0]!.values))
      if (!(value >= 0 && value <= 1e15)) throw new Error(`${name} is ${value}`)
  },
}

/** The files and pages that people and servers give. */
export const files: readonly Target[] = [trace, dataset, log, records, results, judged, exposition]
