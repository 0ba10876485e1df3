import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../lib/html/index.ts'
import { renderJunit, renderMarkdown, renderText } from '../../lib/report/index.ts'
import { TRUST } from '../../lib/metrics/index.ts'
import type { Slo } from '../../lib/metrics/index.ts'
import type { Report, RunInfo } from '../../lib/results/index.ts'
import { runInfo, SLO } from './fixtures/cases.ts'
import { build, rate, trend } from './made-up.ts'
import type { Values } from './made-up.ts'

const NO_LIMITS: Slo = {
  ...SLO,
  ttftP95Ms: undefined,
  tpotP95Ms: undefined,
  goodput: undefined,
  errorRateBuiltIn: true,
}
const LIMITS: Slo = { ...NO_LIMITS, ttftP95Ms: 800, errorRateBuiltIn: false }

const { plan: base } = runInfo('steady')
const [template] = base.phases
const phase = (name: string, startMs: number, endMs: number, level: number) => ({
  ...template!,
  name,
  role: name === 'spike' ? ('peak' as const) : ('baseline' as const),
  startMs,
  endMs,
  measured: true,
  from: level,
  to: level,
})
/** 500 requests of a baseline, then 3,000 of a spike: enough to prove 1 % of failures. */
const PLAN = {
  ...base,
  shape: 'spike',
  phases: [phase('baseline', 0, 20_000, 25), phase('spike', 20_000, 40_000, 150)],
  endMs: 40_000,
}

const PODS = { segments: ['0:1/2'], missing: [], cut: [], skewMs: 0, notes: [] }

/** Cases count in hundreds, of which the run has so many times as many. */
const TIMES = 5

interface Run {
  /** Measured requests / 5; the rest of the started is in flight when the run ends. */
  started: number
  completed: number
  failed?: number
  /** TTFT of every completed request, ms. */
  ttft?: number | Values
  /** When the run ended, ms. */
  endMs?: number
  slo?: Slo
  more?: Record<string, Values>
  change?: Partial<RunInfo>
  /** The script's own, by whether they were kept. */
  thresholds?: Record<string, boolean>
}

function judge(of: Run): Report {
  const { ttft = 100, endMs = 41_000 } = of
  const [started, completed, failed] = [of.started, of.completed, of.failed ?? 0].map(
    (n) => n * TIMES,
  ) as [number, number, number]
  const finished = completed + failed
  const count = (n: number) => ({ count: n })
  return build(
    {
      llm_requests_started: count(started),
      'llm_requests_started{measured:true}': count(started),
      llm_requests: count(finished),
      'llm_requests{measured:true}': count(finished),
      'llm_requests{measured:true,outcome:completed}': count(completed),
      'llm_request_failed{measured:true}': rate(failed, finished),
      'llm_ttft{measured:true}': typeof ttft === 'number' ? trend(ttft, completed) : scaled(ttft),
      ...Object.fromEntries(Object.entries(of.more ?? {}).map(([k, v]) => [k, scaled(v)])),
    },
    { plan: PLAN, slo: of.slo ?? LIMITS, loadStartMs: 0, ...of.change },
    endMs,
    of.thresholds,
  )
}

function scaled(values: Values): Values {
  return 'count' in values ? { ...values, count: values['count']! * TIMES } : values
}

const SINGLE_TOKENS: Slo = { ...LIMITS, itlP95Ms: 50, tpotP95Ms: 50 }
/** Answers whose chunks came in bunches, and how many of them had their first token held. */
const bunched = (answers: number, held: number): Record<string, Values> => ({
  'llm_itl{measured:true}': trend(5, 70_000),
  'llm_tpot{measured:true}': trend(10, 700),
  'llm_chunks_per_bunch{measured:true}': trend(12, answers),
  'llm_request_notes{measured:true,note:first_token_held}': { count: held },
})
const slow = { 'llm_timer_overshoot{measured:true}': trend(TRUST.timerOvershootP99.limited + 1) }
const noVus = { dropped_iterations: { count: 100 } }
/** 5 of 100 requests beyond 800 ms. */
const tail = { ...trend(200), 'p(95)': 900, 'p(99)': 950, max: 1000, avg: 240 }

const CASES: [string, Run, Report['verdict']['status'], string, Record<string, string>?][] = [
  ['a whole run', { started: 700, completed: 700 }, 'passed', 'SLO kept'],
  [
    'a limit missed',
    { started: 700, completed: 700, ttft: 900 },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed' },
  ],
  [
    'stopped before its spike, all kept so far',
    { started: 100, completed: 100, endMs: 20_000 },
    'unclear',
    'Stopped early',
    { ttft_p95: 'unclear', error_rate: 'unclear', completed: 'kept' },
  ],
  [
    'stopped before its spike, p95 beyond its limit, which the spike could mend',
    { started: 100, completed: 100, ttft: tail, endMs: 20_000 },
    'unclear',
    'Stopped early',
    { ttft_p95: 'unclear' },
  ],
  [
    'stopped 1.5 s before its end, p95 beyond its limit whatever the rest would have been',
    { started: 610, completed: 610, ttft: 900, endMs: 38_500 },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed', error_rate: 'unclear' },
  ],
  [
    'stopped with more failures than the whole run may have',
    { started: 100, completed: 50, failed: 50, endMs: 20_000 },
    'failed',
    'SLO missed',
    { error_rate: 'missed', ttft_p95: 'unclear' },
  ],
  [
    'stopped with failures that the rest could make few',
    { started: 100, completed: 98, failed: 2, endMs: 20_000 },
    'unclear',
    'Stopped early',
    { error_rate: 'unclear' },
  ],
  [
    'stopped before a request completed',
    { started: 3, completed: 0, ttft: { count: 0 }, endMs: 1_000 },
    'unclear',
    'Stopped early',
    { completed: 'unclear', ttft_p95: 'no_value' },
  ],
  [
    '15 of 16 requests cut off by the end',
    { started: 16, completed: 1 },
    'unclear',
    'Cut off by the end: not judged',
    { ttft_p95: 'unclear', error_rate: 'unclear', completed: 'kept' },
  ],
  [
    'fewer cut off than could break any limit',
    { started: 700, completed: 694 },
    'passed',
    'SLO kept',
    { ttft_p95: 'kept', error_rate: 'kept' },
  ],
  [
    'just so many that their failures would break the error rate',
    { started: 700, completed: 692 },
    'unclear',
    'Cut off by the end: not judged',
    { ttft_p95: 'kept', error_rate: 'unclear' },
  ],
  [
    'most answers in bunches that hold the first token',
    { started: 700, completed: 700, slo: SINGLE_TOKENS, more: bunched(600, 600) },
    'unclear',
    'Tokens came in bunches: not judged',
    { ttft_p95: 'unclear', itl_p95: 'unclear', tpot_p95: 'kept', error_rate: 'kept' },
  ],
  [
    'most answers in bunches after a first token that came alone',
    { started: 700, completed: 700, slo: SINGLE_TOKENS, more: bunched(600, 0) },
    'unclear',
    'Tokens came in bunches: not judged',
    { ttft_p95: 'kept', itl_p95: 'unclear', tpot_p95: 'kept' },
  ],
  [
    'a machine that was busy at times, and read a third of the first tokens late',
    { started: 700, completed: 700, more: bunched(200, 200) },
    'passed',
    'SLO kept',
    { ttft_p95: 'kept' },
  ],
  [
    'bunches, and a TTFT that is too long even so',
    { started: 700, completed: 700, ttft: 900, more: bunched(600, 600) },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed' },
  ],
  [
    'fewer answers in bunches than could break a limit',
    { started: 700, completed: 700, slo: SINGLE_TOKENS, more: bunched(30, 30) },
    'passed',
    'SLO kept',
    { ttft_p95: 'kept', itl_p95: 'kept' },
  ],
  [
    'a load that ended at a bound on what it spends',
    { started: 600, completed: 600, endMs: 24_000, change: { bounds: { requests: 3000 } } },
    'passed',
    'SLO kept',
    { ttft_p95: 'kept', error_rate: 'kept' },
  ],
  [
    'the same, and a limit missed',
    {
      started: 300,
      completed: 300,
      ttft: 900,
      endMs: 24_000,
      change: { bounds: { requests: 1500 } },
    },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed' },
  ],
  [
    'the same on stock k6, which cuts off what is in flight',
    { started: 320, completed: 300, endMs: 24_000, change: { bounds: { requests: 1500 } } },
    'unclear',
    'Cut off by the end: not judged',
    { ttft_p95: 'unclear' },
  ],
  [
    'a run stopped before its bound',
    { started: 300, completed: 300, endMs: 24_000, change: { bounds: { requests: 1501 } } },
    'unclear',
    'Stopped early',
  ],
  [
    'a limit missed, and others cut off: k6 says missed, too',
    { started: 700, completed: 600, ttft: 900 },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed', error_rate: 'unclear' },
  ],
  [
    'a machine too slow, all kept',
    { started: 700, completed: 700, more: slow },
    'unclear',
    'Limited by the client: not judged',
    { ttft_p95: 'unclear', completed: 'kept' },
  ],
  [
    'a machine too slow, a limit missed',
    { started: 700, completed: 700, ttft: 900, more: slow },
    'unclear',
    'Limited by the client: not judged',
    { ttft_p95: 'unclear' },
  ],
  [
    'too few VUs, all kept at less than the load asked',
    { started: 700, completed: 700, more: noVus },
    'unclear',
    'Limited by the client: not judged',
    { ttft_p95: 'unclear' },
  ],
  [
    'too few VUs, a limit missed at less than the load asked',
    { started: 700, completed: 700, ttft: 900, more: noVus },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed' },
  ],
  [
    'no limits set',
    { started: 700, completed: 700, slo: NO_LIMITS },
    'no_limits',
    'No limits set',
    { error_rate: 'kept', completed: 'kept' },
  ],
  [
    'no limits set, and too many failures',
    { started: 700, completed: 600, failed: 100, slo: NO_LIMITS },
    'failed',
    'Too many requests failed',
  ],
  [
    'no limits set, stopped early',
    { started: 100, completed: 100, slo: NO_LIMITS, endMs: 20_000 },
    'unclear',
    'Stopped early',
  ],
  [
    'no limits set, limited by the client',
    { started: 700, completed: 700, slo: NO_LIMITS, more: slow },
    'unclear',
    'Limited by the client: not judged',
  ],
  [
    'nothing completed',
    { started: 700, completed: 0, failed: 700, ttft: { count: 0 } },
    'failed',
    'No request completed',
    { completed: 'missed', error_rate: 'missed', ttft_p95: 'no_value' },
  ],
  [
    'a limit without a value',
    { started: 700, completed: 700, ttft: { count: 0 } },
    'unclear',
    'SLO not fully judged',
    { ttft_p95: 'no_value' },
  ],
  ['no load', { started: 0, completed: 0 }, 'no_load', 'No load was sent'],
  [
    "no limits but the script's own, kept",
    { started: 700, completed: 700, slo: NO_LIMITS, thresholds: { 'count>0': true } },
    'passed',
    'Thresholds kept',
  ],
  [
    "one of the script's own failed",
    { started: 700, completed: 700, thresholds: { 'count>0': true, 'count>5': false } },
    'failed',
    'A threshold failed',
  ],
  [
    "one of the script's own failed and stopped the run",
    { started: 100, completed: 100, endMs: 20_000, thresholds: { 'count>5': false } },
    'failed',
    'A threshold failed',
  ],
  [
    'pods of which one is missing, all kept by the others',
    { started: 700, completed: 700, change: { pods: { ...PODS, missing: ['1/2:1'] } } },
    'unclear',
    'Pods missing or apart: not judged',
    { ttft_p95: 'unclear' },
  ],
  [
    'pods of which one is missing, a limit missed by the others',
    { started: 700, completed: 700, ttft: 900, change: { pods: { ...PODS, missing: ['1/2:1'] } } },
    'failed',
    'SLO missed',
    { ttft_p95: 'missed' },
  ],
  ['whole pods', { started: 700, completed: 700, change: { pods: PODS } }, 'passed', 'SLO kept'],
  [
    'records without an end',
    { started: 700, completed: 700, change: { finishedOnly: true, noEnd: true } },
    'unclear',
    'Stopped early',
  ],
  [
    'records whose end tells of requests that it cut off',
    { started: 1, completed: 1, change: { finishedOnly: true, cutOff: 3499 } },
    'unclear',
    'Cut off by the end: not judged',
    { ttft_p95: 'unclear' },
  ],
  [
    'stopped by what it found, after its load',
    {
      started: 700,
      completed: 700,
      change: { aborted: { where: 'run', reason: 'the server went away' } },
    },
    'unclear',
    'Stopped early',
  ],
]

describe('the verdict', () => {
  it.each(CASES)('on %s', (_, run, status, headline, limits = {}) => {
    const report = judge(run)
    expect(report.verdict).toMatchObject({ status, headline })
    const found = Object.fromEntries(report.slo.map((v) => [v.id, v.verdict]))
    expect(found).toMatchObject(limits)
    // A verdict that is none says why.
    if (status !== 'passed') expect(report.verdict.reasons.join()).not.toBe('')
    for (const v of report.slo) expect(v.note === '', v.id).toBe(v.verdict !== 'unclear')
  })

  it('says how far a stopped run got, what it did not reach, and what could have come', () => {
    const { verdict } = judge({ started: 100, completed: 100, ttft: tail, endMs: 20_000 })
    expect(verdict.reasons).toEqual([
      'ran 20s of 40s, without spike',
      'TTFT p95 900 ms, at most 800 ms; error rate: about 3,000 requests still to come could turn it',
    ])
  })

  it('says what the end cut off', () => {
    expect(judge({ started: 16, completed: 1 }).verdict.reasons).toEqual([
      'TTFT p95; error rate: 75 still in flight at the end could have missed it',
    ])
  })

  it("says of a script's threshold that failed how far the run got", () => {
    const run = { started: 100, completed: 100, endMs: 20_000, thresholds: { 'count>5': false } }
    expect(judge(run).verdict.reasons).toEqual([
      'ran 20s of 40s, without spike',
      'threshold my_own: count>5',
    ])
  })

  it('names figures beyond their limits that a slow client may have made', () => {
    const { verdict } = judge({ started: 700, completed: 700, ttft: 900, more: slow })
    expect(verdict.reasons[0]).toMatch(/^timers fired late/)
    expect(verdict.reasons[1]).toBe('TTFT p95 900 ms, at most 800 ms, as far as it can be trusted')
  })
})

describe('a closed loop that was stopped', () => {
  const closed = { ...PLAN, loop: 'closed' as const, unit: 'requests in flight' }

  it('is reckoned with at its pace so far', () => {
    // 500 requests in 20 s, as long to come: with half of them failed nothing can be mended.
    const run = { started: 100, completed: 50, failed: 50, endMs: 20_000, change: { plan: closed } }
    expect(judge(run).slo.find((v) => v.id === 'error_rate')?.verdict).toBe('missed')
    const few = judge({ ...run, completed: 99, failed: 1.5 })
    expect(few.slo.find((v) => v.id === 'error_rate')).toMatchObject({
      verdict: 'unclear',
      note: expect.stringContaining('about 500 requests still to come'),
    })
  })
})

describe('every format', () => {
  const formats: Record<string, (report: Report) => string> = {
    text: (report) => renderText(report, { width: 120, color: false }),
    Markdown: renderMarkdown,
    HTML: (report) => renderHtml({ report, script: '', style: '' }),
    JUnit: renderJunit,
  }

  it.each(CASES)('says it first: %s', (_, run, status, headline) => {
    const report = judge(run)
    for (const [name, render] of Object.entries(formats)) {
      if (name === 'JUnit' && (status === 'passed' || status === 'failed')) continue
      expect(render(report), name).toContain(headline)
    }
    if (status !== 'passed') expect(formats['text']?.(report)).not.toContain('✓ SLO kept')
  })

  it.each(CASES)('JUnit: %s', (_, run, status) => {
    const xml = renderJunit(judge(run))
    const counts = ['failure', 'error', 'skipped'].map(
      (kind) => [...xml.matchAll(new RegExp(`<${kind} `, 'g'))].length,
    )
    const said = ['failures', 'errors', 'skipped'].map((kind) =>
      Number(new RegExp(`<testsuites [^>]*${kind}="(\\d+)"`).exec(xml)?.[1]),
    )
    expect(said).toEqual(counts)
    const [failures, errors, skipped] = counts
    // Red where something failed or nothing is known, green where all is kept, neither without limits.
    expect(failures! > 0).toBe(status === 'failed')
    expect(errors).toBe(status === 'unclear' || status === 'no_load' ? 1 : 0)
    if (status === 'passed') expect(skipped).toBe(0)
    if (status === 'no_limits') expect(skipped).toBe(1)
  })
})
