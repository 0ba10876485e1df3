import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timingsOf } from '../../lib/exchange/index.ts'
import { createRecordReader, REQUEST_FIELDS, runLine, serverLine } from '../../lib/records/index.ts'
import type { RecordProblem, RequestRecord } from '../../lib/records/index.ts'
import { answer, PHASES, recordOf } from '../support/records.ts'

function read(pieces: readonly string[]) {
  const found = { requests: [] as RequestRecord[], runs: 0, servers: 0 }
  const problems: RecordProblem[] = []
  const reader = createRecordReader({
    onRequest: (r) => found.requests.push(r),
    onRun: () => found.runs++,
    onServer: () => found.servers++,
    onProblem: (p) => problems.push(p),
  })
  for (const piece of pieces) reader.feed(piece)
  return { ...found, problems, totals: reader.end() }
}

const good = JSON.stringify(recordOf('steady-0', answer(3000, 100, 10, 5)))
const run = runLine('2026-01-01T00:00:00.000Z', {
  scenario: 'chat-steady',
  plan: { phases: PHASES, endMs: 12_000, segment: null },
  slo: { errorRate: 0.01 },
})

describe('a record', () => {
  test('carries the marks from the start of the load and the figures of the formulas', () => {
    const made = answer(3000, 100, 10, 5)
    const { startMs, sentMs, firstTokenMs, lastTokenMs, ...rest } = recordOf('steady-0', made)
    expect({ startMs, sentMs, firstTokenMs, lastTokenMs }).toEqual({
      startMs: 3000,
      sentMs: 3000.7,
      firstTokenMs: 3100.7,
      lastTokenMs: 3140.7,
    })
    expect(rest).toMatchObject({
      outcome: 'completed',
      phase: 'steady',
      measured: true,
      ttftMs: 100,
      tpotMs: 10,
      e2eMs: 140,
      stallMs: 10,
      outputTokens: 5,
      cachedTokens: 32,
      good: true,
      received: { steady: 5 },
    })
    expect(rest).not.toHaveProperty('text')
    expect(rest).not.toHaveProperty('gapsMs')
  })

  test('splits tokens over the phases in which they arrived', () => {
    const { received } = recordOf('x', answer(11_850, 100, 10, 11))
    // First token at 11 950.7, so five lie before 12 000.
    expect(received).toEqual({ steady: 5, drain: 6 })
  })

  test('of a failure has no latency, and its partial tokens', () => {
    const made = answer(3000, 100, 10, 5, { outcome: 'truncated', reason: 'body_cut' })
    const failed = recordOf('x', made)
    expect(failed.ttftMs).toBeUndefined()
    expect(failed.e2eMs).toBeUndefined()
    expect(failed).toMatchObject({ outcome: 'truncated', outputTokens: 5, good: false })
  })

  test('has gaps only when asked', () => {
    expect(recordOf('x', answer(3000, 100, 10, 4), { include: { gaps: true } }).gapsMs).toEqual([
      10, 10, 10,
    ])
  })

  test('writes no field that its table does not list', () => {
    const full = recordOf('x', answer(3000, 100, 10, 4, { text: 'hi' }), {
      include: { gaps: true, text: (text) => text },
    })
    expect(Object.keys(full).filter((name) => !(name in REQUEST_FIELDS))).toEqual([])
  })

  test('keeps latencies to a nanosecond whatever the clock reads', () => {
    const ms = fc.double({ min: 0.01, max: 60_000, noNaN: true })
    const at = fc.double({ min: 0, max: 1e8, noNaN: true })
    fc.assert(
      fc.property(at, ms, ms, (start, ttft, gap) => {
        const made = answer(start, ttft, gap, 3)
        const { ttftMs, tpotMs } = timingsOf(made)
        const written = recordOf('x', made)
        expect(Math.abs((written.ttftMs as number) - (ttftMs as number))).toBeLessThan(1e-6)
        expect(Math.abs((written.tpotMs as number) - (tpotMs as number))).toBeLessThan(1e-6)
        const again = (written.firstTokenMs as number) - (written.sentMs as number)
        expect(Math.abs(again - (ttftMs as number))).toBeLessThan(2e-6)
      }),
    )
  })
})

describe('the reader', () => {
  test('reads the same however the text is cut', () => {
    const text = [
      run,
      good,
      serverLine(5000, { values: { llm_server_running: 3 } }),
      good,
      '',
    ].join('\n')
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = at.slice(1).map((end, i) => text.slice(at[i], end))
        const { requests, runs, servers, problems, totals } = read(pieces)
        expect([requests.length, runs, servers, problems.length]).toEqual([2, 1, 1, 0])
        expect(totals).toMatchObject({ lines: 4, requests: 2, foreign: 0 })
      }),
    )
  })

  const stamp = '2026-03-01T02:00:00.123456789Z'
  test.each([
    ['--prefix', '[pod/chat-x7f2k-1-abcde/k6] '],
    ['--timestamps', `${stamp} `],
    ['--timestamps of another zone', '2026-03-01T03:00:00+01:00 '],
    ['--prefix --timestamps', `[pod/chat-x7f2k-1-abcde/k6] ${stamp} `],
  ])('reads lines as kubectl logs %s writes them', (_, prefix) => {
    const text = `${prefix}${good}\n${prefix}some message\n${prefix}${good}\n`
    const { requests, problems, totals } = read([text])
    expect(problems).toEqual([])
    expect(requests).toHaveLength(2)
    expect(totals).toMatchObject({ requests: 2, foreign: 1 })
  })

  test('names a line of a second pod: requests would count for the wrong one', () => {
    const { requests, problems } = read([`[pod/a/k6] ${good}\n[pod/b/k6] ${good}\n`])
    expect(requests).toHaveLength(1)
    expect(problems).toEqual([
      { line: 2, message: 'is of pod/b/k6, lines before it of pod/a/k6: keep one log per pod' },
    ])
  })

  test('counts what else stood on the console', () => {
    const { totals, problems } = read([`${good}\nserver is slow today\n${good}\n`])
    expect(problems).toEqual([])
    expect(totals).toMatchObject({ requests: 2, foreign: 1 })
  })

  test.each([
    ['cut in half', good.slice(0, 200), /^is not JSON: .*no line end: the file was cut here/],
    [
      'of another version',
      good.replace('"v":1', '"v":7'),
      /version 7; this program reads version 1/,
    ],
    ['without its end', good.replace(/"endMs":[\d.]+,/, ''), /^has no "endMs"$/],
    [
      'with a text for a time',
      good.replace(/"startMs":3000/, '"startMs":"3000"'),
      /^"startMs" is "3000"; accepted: a number$/,
    ],
    ['that runs backwards', good.replace(/"endMs":[\d.]+/, '"endMs":1'), /ends \(1 ms\) before/],
    ['of an unknown kind', '{"v":1,"record":"span"}', /"record" is "span"; accepted:/],
    ['that is a list in an object', '{"v":[1]}', /version \[1\]/],
    ['with tokens below zero', good.replace('"chunks":5', '"chunks":-5'), /"chunks" is -5/],
    ['with a phase cut', run.replace('"endMs":2000,', ''), /which is no phase/],
  ])('names the line of a record %s', (_, bad, message) => {
    const { problems, requests } = read([`${good}\n${good}\n${bad}`])
    expect(requests).toHaveLength(2)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.line).toBe(3)
    expect(problems[0]?.message).toMatch(message)
  })

  test('gives up an endless line and reads on after it', () => {
    const endless = '{' + 'x'.repeat(1 << 20)
    const pieces = [`${good}\n`, ...Array.from({ length: 20 }, () => endless), `\n${good}\n`]
    const { problems, requests } = read(pieces)
    expect(requests).toHaveLength(2)
    expect(problems).toEqual([{ line: 2, message: expect.stringMatching(/longer than/) }])
  })

  test('never throws, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('\n{'))), (pieces) => {
        read(pieces)
      }),
    )
  })
})
