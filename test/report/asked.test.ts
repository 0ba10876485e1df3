import { describe, expect, it } from 'vitest'
import { buildReport } from '../../lib/report/index.ts'
import type { Report, RunInfo } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'

const LENGTH_MS = 60_000

/** A steady run of a minute at 5/s, of which k6's summary says how many requests were started. */
function warned(
  plan: Partial<RunInfo['plan']>,
  phase: Partial<RunInfo['plan']['phases'][number]>,
  counts: Record<string, number>,
  about: Partial<RunInfo> = {},
): { asked: number | null; notReached: string[]; client: Report['client'] } {
  const base = runInfo('steady', {})
  const one = {
    name: 'steady',
    role: 'main' as const,
    startMs: 0,
    endMs: LENGTH_MS,
    measured: true,
    from: 5,
    to: 5,
    ...phase,
  }
  const run: RunInfo = {
    ...base,
    plan: {
      ...base.plan,
      loop: 'open',
      unit: 'requests/s',
      phases: [one],
      endMs: LENGTH_MS,
      ...plan,
    },
    loadStartMs: 0,
    ...about,
  }
  const counter = (count: number) => ({ type: 'counter', contains: 'default', values: { count } })
  const metrics = Object.fromEntries(
    Object.entries(counts).map(([key, count]) => [key, counter(count)]),
  )
  const summary = { metrics, root_group: {}, state: { testRunDurationMs: LENGTH_MS } }
  const report = buildReport({ summary, run })
  return {
    asked: report.measured.asked,
    notReached: report.warnings
      .filter(({ type }) => type === 'load_not_reached')
      .map(({ message }) => message),
    client: report.client,
  }
}

const started = (count: number) => ({
  llm_requests_started: count,
  'llm_requests_started{phase:steady}': count,
  'llm_requests_started{measured:true}': count,
})

describe('the load asked for', () => {
  it('is that of the schedule where one was drawn', () => {
    // 240 of the 300 that the rate means: that is what chance drew, and all of it was sent.
    expect(warned({}, { due: 240 }, started(240))).toMatchObject({ asked: 4, notReached: [] })
    expect(warned({}, { due: 240 }, started(180)).notReached).toEqual([
      'steady: 3.00 of 4.00 requests/s asked were reached',
    ])
  })

  it('is the rate where none was drawn', () => {
    expect(warned({}, {}, started(300))).toMatchObject({ asked: 5, notReached: [] })
    expect(warned({}, {}, started(240)).notReached).toHaveLength(1)
  })

  it('of conversations is compared with conversations, not with their requests', () => {
    const unit = 'conversations/s'
    const begun = (count: number) => ({
      ...started(1500),
      'llm_requests_started{measured:true,turn:1}': count,
    })
    expect(warned({ unit }, {}, begun(300)).notReached).toEqual([])
    expect(warned({ unit }, {}, begun(150)).notReached).toEqual([
      '2.50 of 5.00 conversations/s asked were begun',
    ])
  })

  it('of conversations at a time is no number of requests in flight', () => {
    const plan = { loop: 'closed' as const, unit: 'conversations at a time' }
    const idle = {
      ...started(10),
      'llm_in_flight_time{phase:steady}': 60_000,
      'llm_requests{phase:steady}': 10,
    }
    expect(warned(plan, {}, idle).notReached).toEqual([])
    const busy = { ...plan, unit: 'requests in flight' }
    expect(warned(busy, {}, idle).notReached).toHaveLength(1)
  })
})

describe('requests that were not sent', () => {
  const FROM_RECORDS = { finishedOnly: true }

  it('make the client the limit where records alone tell of a run', () => {
    expect(warned({}, {}, started(45), FROM_RECORDS).client).toMatchObject({
      status: 'limited',
      cause: 'vus',
      dropped: null,
      reasons: ['85 % of the requests asked for were not sent'],
    })
  })

  it('are those that k6 counted, where it did', () => {
    const dropped = (count: number) => ({ ...started(45), dropped_iterations: count })
    expect(warned({}, {}, dropped(0)).client.reasons).toEqual([])
    expect(warned({}, {}, dropped(255)).client.reasons).toEqual([
      '85 % of requests were never sent, as no VU was free',
    ])
  })

  it('may be as many as a drawn schedule lacks by chance, or the end cut off', () => {
    const of = (count: number, cutOff = 0) =>
      warned({}, {}, started(count), { ...FROM_RECORDS, cutOff }).client.reasons
    expect(of(250)).toEqual([])
    expect(of(150, 100)).toEqual([])
    expect(of(150)).toHaveLength(1)
  })
})
