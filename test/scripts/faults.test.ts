import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../lib/records/index.ts'
import { judge } from '../../scripts/faults/judge.ts'
import type { Judged } from '../../scripts/faults/judge.ts'
import { KINDS } from '../../scripts/faults/kinds.ts'
import type { Kind } from '../../scripts/faults/kinds.ts'
import { scripted } from '../../scripts/faults/play.ts'
import { counts, fails } from '../../scripts/faults/rows.ts'
import { simulated } from '../../scripts/faults/simulated.ts'
import { heavyRows } from '../../scripts/faults/table/heavy.ts'

const rows = [...scripted, ...simulated, ...heavyRows]

describe('the table of behaviours', () => {
  it('names each once, in words that a prompt and a data set can hold', () => {
    const names = rows.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^\S+$/.test(name))).toEqual([])
  })

  it('has behaviours of each kind, or words for what no single request shows', () => {
    const tried = new Set<string>(rows.map(({ kind }) => kind))
    const empty = Object.entries<Kind>(KINDS).filter(
      ([name, { said }]) => !tried.has(name) && !said,
    )
    expect(empty).toEqual([])
  })
})

describe('judging a run', () => {
  const record = {
    promptId: 'a',
    outcome: 'completed',
    reason: '',
    outputTokens: 5,
    ttftMs: 41,
    e2eMs: 81,
    tpotMs: 10,
  } as RequestRecord
  const row: Judged = { name: 'a', expected: counts(), firstTokenMs: 40, lastTokenMs: 80 }
  const wrong = (given: Partial<RequestRecord> | undefined, of: Judged = row, code = 99) => {
    const found: [string, RequestRecord[]][] = [['plain', [record]]]
    if (given !== undefined) found.push(['a', [{ ...record, ...given }]])
    const played = { code, stderr: '', interrupted: 0, peakMiB: undefined, wallS: 1 }
    return judge([{ ...row, name: 'plain' }, of], { ...played, records: new Map(found) }).map(
      ({ what }) => what,
    )
  }
  const failed = { ...row, expected: fails('stream_error', 'bad_http') }

  it('finds nothing in what is as it should be', () => {
    expect(wrong({})).toEqual([])
    const none = { ttftMs: undefined, e2eMs: undefined, tpotMs: undefined }
    const bad = { outcome: 'stream_error', reason: 'bad_http', ...none } as never
    expect(wrong(bad, failed)).toEqual([])
  })

  it.each<[string, Partial<RequestRecord> | undefined, Judged?, number?]>([
    ['no record', undefined],
    ['timeout idle_timeout', { outcome: 'timeout', reason: 'idle_timeout' }],
    ['completed', {}, failed],
    ['figures of a failed', { outcome: 'stream_error', reason: 'bad_http' }, failed],
    ['tokens 4', { outputTokens: 4 }],
    ['notes ["left_open"]', { notes: ['left_open'] }],
    ['malformed events 1', { malformedEvents: 1 }],
    ['hidden reasoning true', { hiddenReasoning: true }],
    ['TTFT 2 ms', { ttftMs: 2 }],
    ['TTFT 900 ms', { ttftMs: 900 }],
    ['E2E NaN', { e2eMs: undefined as never }],
    ['k6 ended with 2', {}, row, 2],
  ])('finds %s', (what, given, of, code) => {
    expect(wrong(given, of, code).join()).toContain(what)
  })
})
