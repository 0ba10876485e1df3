import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomLogNormal } from 'd3-random'
import { describe, expect, it } from 'vitest'
import {
  arrivalTimes,
  dailyCycle,
  type ArrivalProcess,
  type RatePiece,
} from '../../../lib/load/index.ts'
import { randomSource } from '../../../lib/random/index.ts'
import { parseTrace, type Trace } from '../../../lib/traces/index.ts'
import { statisticsOf } from '../../../cli/trace/statistics.ts'
import { fitArguments, fitLengths, fitTrace } from '../../../cli/trace/fit.ts'
import { sparkline } from '../../../cli/trace/inspect.ts'

function traceOf(pieces: readonly RatePiece[], process: ArrivalProcess): Trace {
  const atMs = arrivalTimes(pieces, process, 5)
  const tokens = new Uint32Array(atMs.length).fill(100)
  return {
    format: 'own',
    rows: atMs.length,
    atMs: atMs.map((at) => at - (atMs[0] as number)),
    inputTokens: tokens,
    outputTokens: tokens,
    appNames: [],
    blockTokens: 512,
    startEpochMs: undefined,
  }
}

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../traces/fixtures', name), 'utf8')

describe('arrivals', () => {
  it.each([
    ['c01_tail.csv', 1.005],
    ['c01b_notail.csv', 1.001],
  ])(
    '%s: a short rest at the end counts by its length, and even gaps are constant',
    (name, rate) => {
      const parsed = parseTrace(fixture(name))
      if (!parsed.ok) throw new Error(name)
      const fit = fitTrace(parsed.trace)
      expect(fit).toMatchObject({ rate, arrivals: 'constant', burstiness: null })
      expect(statisticsOf(parsed.trace, 60_000).meanRate).toBeCloseTo(rate, 3)
      expect(fitArguments(fit)).toMatch(/^-e 'RATE=1.00\d' [\s\S]*ARRIVALS=constant/)
      expect(fitArguments(fit)).not.toContain('BURSTINESS')
    },
  )

  it.each([0.25, 0.5, 2, 5])('of a gamma process give its shape back (%f)', (shape) => {
    const trace = traceOf([{ startMs: 0, endMs: 900_000, from: 10, to: 10 }], {
      kind: 'gamma',
      shape,
    })
    const fit = fitTrace(trace)
    expect(fit.arrivals).toBe('gamma')
    expect(fit.burstiness! / shape).toBeGreaterThan(0.85)
    expect(fit.burstiness! / shape).toBeLessThan(1.15)
    expect(fit.rate).toBeCloseTo(10, 1)
  })

  it('of a daily cycle of Poisson arrivals are Poisson', () => {
    const trace = traceOf(dailyCycle(1, 30, 3_600_000, 1), { kind: 'poisson' })
    expect(fitTrace(trace)).toMatchObject({ arrivals: 'poisson', burstiness: 1, notes: [] })
  })

  it('in ticks are spread first, and it is said', () => {
    const trace = traceOf([{ startMs: 0, endMs: 900_000, from: 10, to: 10 }], { kind: 'poisson' })
    trace.atMs = trace.atMs.map((at) => Math.floor(at / 3000) * 3000)
    const fit = fitTrace(trace)
    expect(fit.arrivals).toBe('poisson')
    expect(fit.notes.join()).toContain('times were rounded to 3000 ms')
  })
})

describe('lengths', () => {
  it('of a log-normal give it back', () => {
    const draw = randomLogNormal.source(randomSource(3))(Math.log(500), 0.6)
    const fit = fitLengths(Array.from({ length: 5000 }, () => Math.round(draw())))
    const [, median, sigma] = /^lognormal\((\d+),([\d.]+),\d+,\d+\)$/.exec(fit.text) ?? []
    expect(Math.abs(Number(median) - 500)).toBeLessThan(20)
    expect(Math.abs(Number(sigma) - 0.6)).toBeLessThan(0.03)
    expect(fit.distance).toBeLessThan(0.03)
  })

  it('with two humps become a table of the same shares', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 2000 : 10))
    expect(fitLengths(values).text).toBe('10:30,2000:10')
  })

  it('all alike become a number; 0 counts as 1', () => {
    expect(fitLengths([7, 7]).text).toBe('7')
    expect(fitLengths([0, 0]).text).toBe('1')
  })
})

it('a sparkline goes from blank to full', () => {
  expect(sparkline([0, 1, 4, 8])).toBe(' ▂▅█')
  expect(sparkline([0, 0])).toBe('  ')
})
