import { describe, expect, it } from 'vitest'
import {
  compareRuns,
  comparisonClosing,
  comparisonShown,
  gate,
  gateClosing,
  gateShown,
} from '../../lib/compare/index.ts'
import type { Comparison } from '../../lib/compare/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { virtualRecords } from '../../scripts/virtual/index.ts'
import { closingLines, pen, shownText } from '../../lib/tables/index.ts'
import type { Closing } from '../../lib/tables/index.ts'

const run = (name: string, slower: number, serverSeed: number, model?: string) =>
  runOfRecords(
    name,
    virtualRecords({
      name,
      ratePerS: 8,
      warmupMs: 5_000,
      measuredMs: 30_000,
      trafficSeed: 3,
      serverSeed,
      slower,
      model,
    }),
  )
const before = run('before', 1, 1)
const figures = ['ttft_p95', 'tpot_p50']
const compared = (after: typeof before) => compareRuns([before], [[after]], { figures })
const linesOf = (closing: Closing, width = 100) => closingLines(closing, pen(width, false))
const endOf = (found: readonly Comparison[], width?: number) =>
  linesOf(
    comparisonClosing(
      found,
      found.map((one) => comparisonShown(one)),
    ),
    width,
  )

describe('the end of a comparison', () => {
  it('says first how it ended, then what changed and by how much', () => {
    const found = compared(run('slow', 1.3, 3))
    const lines = endOf(found)
    expect(lines[0]).toBe('  ✗ worse: slow against before')
    expect(lines[1]).toMatch(/^ {4}why {3}.*TPOT p50 \+\d+ % \(\+\d+ % to \+\d+ %\) worse/)
    expect(lines.length).toBeLessThanOrEqual(6)
  })

  it('says what it would take to prove what was seen', () => {
    const found = compared(run('again', 1, 2))
    const [first] = found
    expect(first!.verdict).toBe('not proven')
    const text = endOf(found, 120).join('\n')
    expect(text).toContain('± not proven: again against before')
    expect(text).toMatch(
      /open .*TTFT p95 [+-][\d.]+ % not proven(: about \S+ on each side would prove it)?/,
    )
    expect(text).toContain('next  measure longer')
  })

  it('of unlike runs says what differs, and how that is accepted', () => {
    const found = compared(run('other', 1, 4, 'big'))
    const text = endOf(found).join('\n')
    expect(text).toContain('not comparable: other against before')
    expect(text).toContain('the model differs')
    expect(text).toContain('--allow KIND')
  })

  it('of several names each, with its verdict', () => {
    const found = compareRuns([before], [[run('again', 1, 2)], [run('slow', 1.3, 3)]], { figures })
    const lines = endOf(found)
    expect(lines[0]).toContain('2 comparisons with before')
    expect(lines[1]).toMatch(/not proven +again/)
    expect(lines[2]).toMatch(/worse +slow; .*TPOT p50/)
  })

  it('of a gate names the cases that failed', () => {
    const [found] = compared(run('slow', 1.3, 3))
    const judged = gate(found!, [{ id: 'tpot_p50', by: 0.05 }])
    const lines = linesOf(gateClosing(judged, [gateShown(judged)]))
    expect(lines[0]).toBe('  ✗ Gate failed: slow against before')
    expect(lines[1]).toMatch(/why .*TPOT p50 \+\d+ %.*worse than tolerated/)
  })
})

it('on a narrow screen the verdict stays, and what explains it goes first', () => {
  const [found] = compared(run('slow', 1.3, 3))
  const shown = comparisonShown(found!)
  const text = (width: number) => shownText(shown, pen(width, false))
  expect(text(120)).toContain('p (Holm)')
  for (const line of text(80).split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text(80)).toMatch(/^ .*after +change.* verdict$/m)
  expect(text(80)).not.toMatch(/^.*p \(Holm\).* verdict$/m)
})
