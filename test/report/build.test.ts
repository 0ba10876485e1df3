import { describe, expect, it } from 'vitest'
import { buildReport, renderText } from '../../lib/report/index.ts'
import type { Report, RunInfo, TrendStats } from '../../lib/results/index.ts'
import { NOTES, parseSelector, thresholdsFor, windowsOf } from '../../lib/metrics/index.ts'
import { percentile } from '../../lib/statistics/index.ts'
import { CASES, SLO, runInfo } from './fixtures/cases.ts'
import { fixture, report } from './load.ts'
import { build } from './made-up.ts'

const types = (r: Report) => r.warnings.map((w) => w.type)
const phase = (r: Report, name: string) => r.phases.find((p) => p.name === name)
const trend = (r: Report, name: string, metric: string) =>
  phase(r, name)?.metrics[metric] as TrendStats

describe('a report of what k6 made of a run', () => {
  const one = report('spike')

  it('has the figures that a few independent lines compute from the requests', () => {
    const made = CASES['spike']?.requests() ?? []
    const inSpike = made.filter((m) => m.dueMs >= 12_000 && m.dueMs < 18_000)
    const ttfts = inSpike.flatMap((m) =>
      m.request.outcome === 'completed' ? [m.timings.ttftMs as number] : [],
    )
    for (const [key, p] of [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      expect(trend(one, 'spike', 'llm_ttft')[key]).toBeCloseTo(percentile(ttfts, p) as number, 2)
    }
    expect(phase(one, 'spike')).toMatchObject({
      asked: 20,
      started: inSpike.length,
      completed: ttfts.length,
      failed: inSpike.length - ttfts.length,
      startedPerS: inSpike.length / 6,
    })
    const tokens = made
      .filter((m) => m.request.outcome === 'completed' && !m.unfinished)
      .flatMap((m) => m.request.chunkTimesMs)
      .filter((t) => t >= 12_000 && t < 18_000).length
    expect(phase(one, 'spike')?.outputTokensPerS).toBeCloseTo(tokens / 6, 2)
    const flight = made
      .filter((m) => !m.unfinished)
      .map(
        ({ request: { marks } }) =>
          Math.min(18_000, marks.endMs) - Math.max(12_000, marks.sentMs as number),
      )
      .reduce((sum, ms) => sum + Math.max(0, ms), 0)
    expect(phase(one, 'spike')?.inFlight).toBeCloseTo(flight / 6_000, 3)
  })

  it('holds one of several pods to its share of the plan', () => {
    const { plan } = CASES['spike']!
    const pod = report('spike', { plan: { ...plan, segment: '1/4:1/2' } })
    expect(pod.load.segment).toBe('1/4:1/2')
    expect(phase(pod, 'spike')!.asked).toBe(phase(one, 'spike')!.asked! / 4)
    expect(pod.measured.asked).toBeCloseTo(one.measured.asked! / 4, 9)
  })

  it('counts what became of every request, and what the end cut off', () => {
    expect(one.outcomes).toEqual([
      { outcome: 'completed', count: 204, share: 204 / 219, reasons: [] },
      {
        outcome: 'http_error',
        count: 12,
        share: 12 / 219,
        reasons: [{ reason: 'http_503', count: 12 }],
      },
      {
        outcome: 'timeout',
        count: 3,
        share: 3 / 219,
        reasons: [{ reason: 'idle_timeout', count: 3 }],
      },
    ])
    expect(one.inFlightAtEnd).toBe(1)
    expect(one.measured.failedTokens).toBe(21)
  })

  it('judges the SLO over the measured phases: what k6 says, and what the samples prove', () => {
    expect(one.slo.map((v) => [v.id, v.thresholdKept, v.verdict])).toEqual([
      // What comes in the spike, by the plan, is no chance; how much of it depends on a few seconds.
      ['ttft_p95', false, 'undecided'],
      ['tpot_p95', true, 'undecided'],
      ['error_rate', false, 'missed'],
      ['goodput', false, 'undecided'],
      ['completed', true, 'kept'],
    ])
    // One of the script's own thresholds failed, too.
    expect(one.verdict.status).toBe('failed')
    expect(one.measured.errorRate).toBeCloseTo(15 / 199, 3)
  })

  it('finds the time to recover in slices', () => {
    expect(one.recovery).toMatchObject({
      status: 'recovered',
      timeMs: 4000,
      resolutionMs: 2000,
      watchedMs: 8000,
    })
    const strict = report('spike', { slo: { ...SLO, ttftP95Ms: 50 } })
    expect(strict.recovery).toMatchObject({ status: 'not_recovered', timeMs: null })
    const loose = report('spike', { slo: { ...SLO, ttftP95Ms: 5000 } })
    expect(loose.recovery).toMatchObject({ status: 'recovered', timeMs: 0 })
    const none = { ...SLO, ttftP95Ms: undefined, tpotP95Ms: undefined }
    expect(report('spike', { slo: none }).recovery).toMatchObject({
      status: 'no_value',
      timeMs: null,
    })
    expect(report('steady').recovery).toBeNull()
  })

  it("keeps the user's own checks, thresholds and metrics apart from ours and k6's", () => {
    expect(one.own.metrics.map((m) => m.name)).toEqual(['my_retrieval_time'])
    expect(one.own.thresholds).toEqual([
      { metric: 'llm_ttft{phase:baseline}', expression: 'p(90)<1', ok: false },
      { metric: 'my_retrieval_time', expression: 'avg<100', ok: false },
    ])
    expect(one.own.checks).toEqual([
      { group: 'answers', name: 'mentions \\x1b[31mred\\x1b[0m', passes: 1, fails: 0 },
      { group: 'answers', name: 'is short', passes: 0, fails: 1 },
    ])
  })
})

describe('no value', () => {
  const down = report('down')
  it('is null in the model where k6 writes 0', () => {
    expect(trend(down, 'steady', 'llm_ttft')).toEqual({
      kind: 'trend',
      count: 0,
      avg: null,
      min: null,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      max: null,
    })
    expect(down.measured.outputTokensPerS).toBeNull()
    expect(down.measured.cachedShare).toBeNull()
    expect(down.slo.find((v) => v.id === 'ttft_p95')).toMatchObject({
      value: null,
      verdict: 'no_value',
    })
    expect(down.verdict).toMatchObject({ status: 'failed' })
    expect(down.verdict.reasons[0]).toBe('no measured request completed')
  })

  it('of an SLO that cannot be judged is not a pass', () => {
    const summary = fixture('steady') as {
      metrics: Record<string, { values: Record<string, number> }>
    }
    const empty = (summary.metrics['llm_tpot{measured:true}'] as { values: Record<string, number> })
      .values
    for (const key of Object.keys(empty)) empty[key] = 0
    const one = buildReport({ summary, run: runInfo('steady') })
    expect(one.verdict).toMatchObject({ status: 'unclear', reasons: ['TPOT p95 has no value'] })
  })

  it('of a run without load is no figure at all', () => {
    const none = report('none')
    expect(none.verdict).toMatchObject({ status: 'no_load', reasons: ['no request was started'] })
    const summary = fixture<{ metrics: Record<string, { values: { count: number } }> }>('none')
    ;(
      summary.metrics['llm_preflight_failed{problem:model_not_found}'] as {
        values: { count: number }
      }
    ).values.count = 1
    const told = buildReport({ summary, run: runInfo('none') })
    expect(told.verdict.reasons).toEqual([
      "preflight: model not found (its message is in k6's log)",
    ])
  })
})

describe('the machine-readable summary', () => {
  it('gives the same figures as the default one, but for what it leaves out', () => {
    const [machine, legacy] = [report('steady-machine'), report('steady')]
    const bare = ({ p50, p90, p95, max }: TrendStats) => ({ p50, p90, p95, max })
    expect(bare(trend(machine, 'steady', 'llm_ttft'))).toEqual(
      bare(trend(legacy, 'steady', 'llm_ttft')),
    )
    expect(trend(machine, 'steady', 'llm_ttft')).toMatchObject({ p99: null, count: null })
    expect(machine.measured.outputTokensPerS).toBe(legacy.measured.outputTokensPerS)
    expect(machine.slo.map((v) => v.verdict)).toEqual(legacy.slo.map((v) => v.verdict))
    expect(machine.environment.k6Version).toBe('2.2.0')
    expect(types(machine)).toEqual(['summary_format'])
  })

  it.each([undefined, null, 3, [], { foo: 1 }])('nor the default one: %j is refused', (data) => {
    expect(() => buildReport({ summary: data, run: runInfo('steady') })).toThrow(
      /handleSummary data/,
    )
  })
})

describe('warnings', () => {
  const edit = (
    file: string,
    values: Record<string, Record<string, number>>,
    change: Partial<RunInfo> = {},
  ) => {
    const summary = fixture<{
      metrics: Record<string, { type: string; contains: string; values: object }>
    }>(file)
    for (const [name, more] of Object.entries(values)) {
      const metric = (summary.metrics[name] ??= {
        type: 'counter',
        contains: 'default',
        values: {},
      })
      Object.assign(metric.values, more)
    }
    return buildReport({ summary, run: runInfo(file, change) })
  }
  const M = 'llm_output_tokens{measured:true,outcome:completed}'

  it('share out the dropped requests among the phases that lack some, all of them', () => {
    const of = (values: Record<string, Record<string, number>>, change: Partial<RunInfo> = {}) => {
      const { phases, measured, total } = edit('spike', values, change)
      return [...phases, measured, total].map(({ dropped }) => dropped)
    }
    const started = (name: string, count: number) => ({
      [`llm_requests_started{phase:${name}}`]: { count },
    })
    const dropped = (count: number) => ({ dropped_iterations: { count } })
    expect(of(dropped(0))).toEqual([0, 0, 0, 0, 0, 0])
    // 20 requests of the warm-up were asked for, 120 of the spike.
    const few = { ...started('warmup', 18), ...started('spike', 100) }
    expect(of({ ...few, ...dropped(22) })).toEqual([2, 0, 20, 0, 20, 22])
    // Where phases lack more or less than k6 counted, they share what it counted.
    expect(of({ ...few, ...dropped(8) })).toEqual([1, 0, 7, 0, 7, 8])
    // Nothing tells where they were.
    expect(of(dropped(3))).toEqual([null, null, null, null, null, 3])
    const plan = { ...runInfo('spike').plan, unit: 'conversations/s' }
    expect(of({ ...few, ...dropped(22) }, { plan })).toEqual([null, null, null, null, null, 22])
  })

  it('are none for a run in which all is well', () => {
    expect(report('steady').warnings).toEqual([])
  })

  it.each<[string, () => Report]>([
    ['clock_handler', () => report('steady', { clock: 'handler' })],
    ['gap_sampling', () => report('steady', { gapSampling: 0.1 })],
    [
      'no_slo',
      () => report('steady', { slo: { ...SLO, ttftP95Ms: undefined, tpotP95Ms: undefined } }),
    ],
    ['run', () => report('steady', { warnings: ['RAET: did you mean RATE?'] })],
    ['tokens_estimated', () => report('cold')],
    ['not_steady', () => report('cold')],
    ['cut_off', () => report('spike')],
    ['survivors', () => report('spike')],
    [
      'bunches',
      () => edit('steady', { 'llm_chunks_per_bunch{measured:true}': { count: 9, 'p(50)': 12 } }),
    ],
    ...NOTES.filter((note) => note !== 'first_token_held').map((note): [string, () => Report] => [
      note,
      () => edit('steady', { [`llm_request_notes{measured:true,note:${note}}`]: { count: 1 } }),
    ]),
    ['dropped_iterations', () => edit('steady', { dropped_iterations: { count: 3 } })],
    ['lateness', () => edit('steady', { llm_lateness: { 'p(99)': 20.1 } })],
    [
      'load_not_reached',
      () => edit('steady', { 'llm_requests_started{phase:steady}': { count: 151 } }),
    ],
    [
      'aborted',
      () => edit('steady', { 'llm_requests{measured:true,outcome:aborted}': { count: 1 } }),
    ],
    [
      'hidden_reasoning',
      () =>
        edit('steady', {
          'llm_output_tokens_per_request{measured:true,reasoning:hidden}': {
            count: 2,
            max: 9,
            'p(50)': 9,
          },
        }),
    ],
    [
      'malformed_events',
      () =>
        edit('steady', {
          'llm_output_tokens_per_request{measured:true,events:malformed}': {
            count: 2,
            max: 9,
            'p(50)': 9,
          },
        }),
    ],
    [
      'not_streaming',
      () =>
        edit('steady', {
          'llm_ttft{measured:true}': { 'p(50)': 380, med: 380 },
          'llm_tpot{measured:true}': { 'p(50)': 0.1 },
        }),
    ],
    ['tokens_a_chunk', () => edit('steady', { 'llm_itl{measured:true}': { avg: 30 } })],
    ['ended_early', () => report('steady', { loadStartMs: 9_000 })],
    [
      'trend_stats',
      () => {
        const summary = fixture('steady') as {
          metrics: Record<string, { values: Record<string, number> }>
        }
        for (const metric of Object.values(summary.metrics)) delete metric.values['p(99)']
        return buildReport({ summary, run: runInfo('steady') })
      },
    ],
  ])('%s', (type, make) => {
    expect(types(make())).toContain(type)
  })

  it('leave a run unjudged that ended before a measured request did', () => {
    const none = { count: 0, rate: 0 }
    const metrics = Object.keys((fixture('steady') as { metrics: object }).metrics)
    const counts = metrics.filter((key) => /^llm_requests\{.*measured:true/.test(key))
    const cut = edit('steady', Object.fromEntries(counts.map((key) => [key, none])), {
      loadStartMs: 9_000,
    })
    expect(cut.verdict).toMatchObject({ status: 'unclear', headline: 'Stopped early' })
  })

  it('stop at their stated limits', () => {
    const calm = edit('steady', {
      llm_lateness: { 'p(99)': 20 },
      'llm_ttft{measured:true}': { 'p(50)': 352, med: 352 },
      'llm_ttft{phase:steady}': { count: 100 },
      'llm_requests_started{phase:steady}': { count: 152 },
      [M]: { count: 3000 },
    })
    expect(calm.warnings).toEqual([])
  })
})

describe('a run that ended early', () => {
  it('has its rates over the time that ran', () => {
    const half = report('steady', { loadStartMs: 9_000 })
    expect(half.run.endedEarly).toBe(true)
    expect(phase(half, 'steady')).toMatchObject({ lengthMs: 8_000, startedPerS: 20 })
  })
})

describe('text from outside', () => {
  it('reaches neither model nor text with its controls', () => {
    const nasty = '\u001b[2J\u009b1mx\r\n\u202e'
    const one = report('steady', {
      scenario: nasty,
      server: { model: nasty, server: nasty, warnings: [nasty] },
      config: { [nasty]: [nasty] },
      warnings: [nasty],
      aborted: { where: 'run', reason: nasty },
    })
    // oxlint-disable-next-line no-control-regex
    const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/
    expect(JSON.stringify(one)).not.toMatch(/(?<!\\)\\[a-z]/)
    expect(JSON.stringify(one)).not.toMatch(controls)
    expect(renderText(one, { width: 80, color: false })).not.toMatch(controls)
    expect(one.environment.model).toBe('\\x1b[2J\\x9b1mx\\x0d\\n\\u202e')
  })
})

it('has finish reasons, most frequent first', () => {
  const made = build({
    'llm_finish_reasons{finish:stop}': { count: 3 },
    'llm_finish_reasons{finish:length}': { count: 40 },
  })
  expect(made.finishes).toEqual([
    { finish: 'length', count: 40 },
    { finish: 'stop', count: 3 },
  ])
  const text = renderText(made, { width: 100, color: false })
  expect(text).toMatch(/finish +length 40, stop 3 \(/)
})

describe('the fixtures', () => {
  it.each(Object.keys(CASES))('of %s hold every figure that a run registers now', (name) => {
    const { plan, slo } = CASES[name] as (typeof CASES)[string]
    const slices = windowsOf(plan.phases).flatMap((w) => w.slice ?? [])
    const { metrics } = fixture<{ metrics: Record<string, unknown> }>(name)
    // A metric younger than the recording is in none of its figures.
    const wanted = Object.keys(thresholdsFor({ phases: plan.phases, slices, slo })).filter(
      (key) => parseSelector(key).metric in metrics,
    )
    expect(wanted.length).toBeGreaterThan(100)
    expect(wanted.filter((key) => !(key in metrics))).toEqual([])
  })
})
