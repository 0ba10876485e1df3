import { describe, expect, it } from 'vitest'
import { createProgress, liveLine } from '../../../cli/run/live-line.ts'
import type { RequestRecord, RunRecord } from '../../../lib/records/index.ts'

const phase = (name: string, startMs: number, endMs: number) => ({ name, startMs, endMs })
const HEAD = {
  run: {
    plan: { endMs: 43_000, phases: [phase('baseline', 0, 15_000), phase('spike', 15_000, 43_000)] },
  },
} as unknown as RunRecord

const ended = (endMs: number, more: Partial<RequestRecord> = {}) =>
  ({ endMs, outputTokens: 60, outcome: 'completed', ttftMs: 100, ...more }) as RequestRecord

describe('the progress of a run', () => {
  it('is that of the last ten seconds, errors that of the whole run', () => {
    const progress = createProgress(HEAD)
    progress.add(ended(1000, { outcome: 'http_error', outputTokens: 0 }))
    for (let s = 11; s <= 20; s++) progress.add(ended(s * 1000, { ttftMs: s * 10 }))
    expect(progress.at(20_500)).toEqual({
      phase: 'spike',
      leftMs: 22_500,
      endedPerS: 1,
      tokensPerS: 60,
      ttftP50Ms: 155,
      ttftP95Ms: expect.closeTo(195.5, 9),
      errors: 1,
    })
  })

  it('divides by the time that was, at the beginning', () => {
    const progress = createProgress(HEAD)
    progress.add(ended(1500))
    expect(progress.at(2000)).toMatchObject({ phase: 'baseline', endedPerS: 0.5, tokensPerS: 30 })
    expect(createProgress(HEAD).at(0)).toMatchObject({ endedPerS: 0, ttftP50Ms: undefined })
  })
})

describe('the line', () => {
  const progress = createProgress(HEAD)
  for (let i = 0; i < 300; i++) progress.add(ended(20_000 + i, { ttftMs: 1000 + i * 20 }))
  const now = progress.at(20_500)

  it('says all in the width of a usual screen', () => {
    expect(liveLine(now, 91, 120)).toBe(
      '  spike, 23s left · 30.0 requests/s · 91 in flight · TTFT p50 3,990 p95 6,681 ms · 1,800 tokens/s · 0 errors',
    )
  })

  it.each([20, 40, 79, 80, 100, 200])('stays below %i columns, errors before tokens', (columns) => {
    const line = liveLine(now, 91, columns)
    expect(line.length).toBeLessThan(columns)
    expect(line).toContain('spike')
    if (line.includes('tokens/s')) expect(line).toContain('errors')
  })

  it('leaves out what is not known, and waits for the last answers', () => {
    const quiet = createProgress(HEAD).at(44_000)
    expect(liveLine(quiet, undefined, 200)).toBe(
      '  waiting for the last answers · 0.00 requests/s · 0.00 tokens/s · 0 errors',
    )
  })
})
