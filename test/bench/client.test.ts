import { describe, expect, it } from 'vitest'
import { compareRecords } from '../../scripts/bench/client/accuracy.ts'
import { nameOf, parseLevels } from '../../scripts/bench/client/levels.ts'
import { runMeasured } from '../../scripts/bench/client/measured-process.ts'
import { combineRounds } from '../../scripts/bench/client/rounds.ts'
import { renderTable } from '../../scripts/bench/client/table.ts'
import type { Measured } from '../../scripts/bench/client/measure.ts'
import type { ServerRecord } from '../../scripts/bench/client/server.ts'

const served = (id: string, receivedMs: number, tokenWrittenMs: number[]): ServerRecord => ({
  id,
  receivedMs,
  firstTokenMs: tokenWrittenMs[0]!,
  lastTokenMs: tokenWrittenMs.at(-1)!,
  tokenWrittenMs,
})

describe('compareRecords', () => {
  it('compares by request id and leaves out what one side does not know', () => {
    const accuracy = compareRecords(
      [
        { requestId: 'b', ttftMs: 103, tpotMs: 10.1, gapsMs: [12, 8.2] },
        { requestId: 'a', ttftMs: 99, tpotMs: 10, gapsMs: [10, 10] },
        { requestId: 'stranger', ttftMs: 5000, tpotMs: 1, gapsMs: [] },
      ],
      [served('a', 1000, [1100, 1110, 1120]), served('b', 7, [108, 118, 128]), served('c', 0, [1])],
    )
    expect(accuracy).toMatchObject({ matched: 2, ttftMs: 101, serverTtftMs: 100.5 })
    // a: 99 - 100, b: 103 - 101
    expect(accuracy?.ttftErrorMs).toBeCloseTo(0.5, 9)
    expect(accuracy?.ttftErrorP95Ms).toBeCloseTo(1.95, 9)
    expect(accuracy?.tpotErrorPercent).toBeCloseTo(0.5, 9)
    // sizes 2, 1.8, 0, 0
    expect(accuracy?.itlErrorMs).toBeCloseTo(0.9, 9)
  })

  it('has no value where nothing matches, and none for gaps that do not belong together', () => {
    expect(compareRecords([], [served('a', 0, [1, 2])])).toBeUndefined()
    const one = { requestId: 'a', ttftMs: 1, tpotMs: undefined, gapsMs: [1, 2, 3] }
    const accuracy = compareRecords([one], [served('a', 0, [1, 2])])
    expect(accuracy).toMatchObject({ matched: 1, itlErrorMs: undefined })
    expect(accuracy?.tpotErrorPercent).toBeUndefined()
  })
})

describe('parseLevels', () => {
  it('reads streams with and without a rate and a length of answers', () => {
    const levels = parseLevels('1, 300@30,100x1000', ['a'])
    expect(levels).toEqual([
      { streams: 1, tokensPerS: 100, answerTokens: 128, text: 'a' },
      { streams: 300, tokensPerS: 30, answerTokens: 128, text: 'a' },
      { streams: 100, tokensPerS: 100, answerTokens: 1000, text: 'a' },
    ])
    const names = ['1 x 100/s, 128 "a"', '300 x 30/s, 128 "a"', '100 x 100/s, 1000 "a"']
    expect(levels.map(nameOf)).toEqual(names)
  })

  it('gives every load with each of the texts', () => {
    const texts = parseLevels('1,2', ['a', 'é']).map(({ streams, text }) => `${streams}${text}`)
    expect(texts).toEqual(['1a', '1é', '2a', '2é'])
  })

  it('names every level that makes no sense', () => {
    expect(() => parseLevels('0,ten,5@0,7,1x1')).toThrow(/"0".*\n.*"ten".*\n.*"5@0".*\n.*"1x1"/)
  })
})

describe('renderTable', () => {
  const row = (client: string, cpuUsPerToken: number): Measured => ({
    client,
    streams: 10,
    tokensPerS: 100,
    answerTokens: 128,
    text: 'a',
    cpuUsPerToken,
    cpuUsPerTokenWhole: 1,
    startUpCpuS: 1,
    startUpS: undefined,
    serverUsPerToken: 1,
    peakMiB: undefined,
    tokens: 1,
    started: undefined,
    finished: undefined,
    serverRequests: 5,
    accuracy: undefined,
  })

  it('gives ratios to the bare client of the same level, and no invented value', () => {
    const lines = renderTable(combineRounds([[row('bare Go', 20), row('k6', 30)]])).split('\n')
    expect(lines[2]).toMatch(/^10 x 100\/s, 128 "a" +k6 +30\.0 +1\.50 .* -\/-\/5$/)
    expect(renderTable(combineRounds([[row('k6', 30)]])).split('\n')[1]).toMatch(/k6 +30\.0 +- /)
  })

  it('compares within a round, and gives medians over them', () => {
    const round = (bare: number, k6: number) => [row('bare Go', bare), row('k6', k6)]
    // The second round's machine was twice as slow, the third's swerved while k6 ran.
    const rows = combineRounds([round(20, 30), round(40, 60), round(20, 90)])
    expect(rows.map(({ cpuUsPerToken }) => cpuUsPerToken)).toEqual([20, 60])
    expect(rows.map(({ timesBare }) => timesBare)).toEqual([1, 1.5])
  })
})

describe('runMeasured', () => {
  it('tells exit code, both outputs and the CPU of the program', async () => {
    const busy =
      'const end = process.cpuUsage().user + 1e5; while (process.cpuUsage().user < end); console.log(1); console.error(2); process.exit(7)'
    const used = await runMeasured(process.execPath, ['-e', busy], { ...process.env }, 60_000)
    expect(used).toMatchObject({ code: 7, stdout: '1\n', stderr: '2\n' })
    expect(used.cpuS).toBeGreaterThan(0.1)
  })

  it('stops a program that does not end, and says so', async () => {
    const run = runMeasured('sleep', ['600'], { ...process.env }, 300)
    await expect(run).rejects.toThrow('sleep has not ended after 0.3 s')
  })
})
