import { describe, expect, it } from 'vitest'
import { renderText } from '../../lib/report/index.ts'
import { TRUST } from '../../lib/metrics/index.ts'
import { runInfo } from './fixtures/cases.ts'
import { build, trend } from './made-up.ts'
import type { Values } from './made-up.ts'

/** A measured phase of constant load from the start of a run. */
const phase = (name: string, endMs: number) =>
  ({ name, role: 'main', startMs: 0, endMs, measured: true, from: 4, to: 4 }) as const

describe('client health', () => {
  const lateness = (p99: number) => ({ 'llm_lateness{measured:true}': trend(p99) })

  it.each([
    [{}, 'no_value'],
    [lateness(5), 'trustworthy'],
    [lateness(TRUST.latenessP99.degraded + 1), 'degraded'],
    [lateness(TRUST.latenessP99.limited + 1), 'limited'],
    [{ 'llm_timer_overshoot{measured:true}': trend(19) }, 'trustworthy'],
    [{ 'llm_timer_overshoot{measured:true}': trend(50) }, 'degraded'],
    [{ 'llm_client_delay{measured:true}': trend(99) }, 'trustworthy'],
    [{ 'llm_client_delay{measured:true}': trend(501) }, 'limited'],
    [{ ...lateness(1), dropped_iterations: { count: 1 } }, 'degraded'],
    [{ ...lateness(1), dropped_iterations: { count: 100 } }, 'limited'],
  ] as [Record<string, Values>, string][])('%j: %s', (metrics, status) => {
    const { client } = build(metrics)
    expect(client.status).toBe(status)
    expect(client.reasons.length > 0).toBe(status === 'degraded' || status === 'limited')
  })

  const overshoot = (p99: number) => ({ 'llm_timer_overshoot{measured:true}': trend(p99) })
  const late = (cause: string, count: number) => ({
    [`llm_late_requests{cause:${cause},measured:true}`]: { count },
  })
  it.each([
    ['nothing', lateness(5), null],
    ['VUs that were missing', { ...lateness(1), dropped_iterations: { count: 100 } }, 'vus'],
    ['late starts for want of VUs', { ...lateness(200), ...late('no_vu', 200) }, 'vus'],
    ['late starts of VUs that waited', { ...lateness(200), ...late('client', 200) }, 'machine'],
    ['both', { ...lateness(200), ...late('no_vu', 200), ...late('client', 20) }, 'machine'],
    [
      'missing VUs, and a machine as bad',
      { ...lateness(200), ...late('no_vu', 200), ...overshoot(200) },
      'machine',
    ],
    [
      'missing VUs, and a machine less bad',
      { ...lateness(200), ...late('no_vu', 200), ...overshoot(50) },
      'vus',
    ],
  ] as [string, Record<string, Values>, string | null][])('blames %s', (_, metrics, cause) => {
    expect(build(metrics).client.cause).toBe(cause)
  })

  it('says how many were late, how much and what to raise', () => {
    const report = build({
      llm_lateness: trend(340),
      ...lateness(340),
      'llm_late_requests{cause:no_vu,measured:true}': { count: 123 },
    })
    const text = renderText(report, { width: 120, color: false })
    expect(text).toMatch(/p99 340 ms/)
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /123 requests started late .*raise MAX_VUS or EXPECTED_E2E/,
    )
    expect(report.warnings.map(({ type }) => type)).toContain('client_limited')
  })
})

describe('lengths', () => {
  it('warns when prompts or answers are not as long as wanted', () => {
    const report = build({
      'llm_input_as_wanted{measured:true}': { rate: 0.8, passes: 80, fails: 20 },
      'llm_output_as_wanted{measured:true}': { rate: 0.5, passes: 50, fails: 50 },
      'llm_output_tokens_wanted{measured:true}': { count: 20_000 },
      'llm_output_tokens_per_request{measured:true}': trend(150),
    })
    expect(report.lengths).toMatchObject({ outputWantedMean: 200, outputMean: 150 })
    expect(report.warnings.filter(({ type }) => type === 'lengths').length).toBe(2)
  })

  it('is silent when they are, and when nobody asked', () => {
    const fine = build({
      'llm_input_as_wanted{measured:true}': { rate: 0.96, passes: 96, fails: 4 },
    })
    expect(fine.warnings.filter(({ type }) => type === 'lengths')).toEqual([])
    expect(build({}).lengths).toBeNull()
  })

  it('warns of prompts that repeat', () => {
    const types = (distinctPrompts: number) =>
      build({}, { distinctPrompts }).warnings.map(({ type }) => type)
    expect(types(999)).toContain('repeated_prompts')
    expect(types(1000)).not.toContain('repeated_prompts')
  })
})

describe('the knee of a sweep', () => {
  /** Steps of so many requests in flight, each with its throughput (requests/s) and mean E2E (ms). */
  function sweep(steps: [level: number, perS: number, e2eMs: number][]) {
    const base = runInfo('steady')
    const phases = steps.map(([level], i) => {
      const at = { startMs: i * 10_000, endMs: (i + 1) * 10_000 }
      return {
        name: `c${level}`,
        role: 'step' as const,
        step: String(level),
        measured: true,
        from: level,
        to: level,
        ...at,
      }
    })
    const metrics = Object.fromEntries(
      steps.flatMap(([level, perS, e2eMs]) => [
        [`llm_requests_started{phase:c${level}}`, { count: perS * 10 }],
        [`llm_requests{phase:c${level}}`, { count: perS * 10 }],
        [`llm_requests{outcome:completed,phase:c${level}}`, { count: perS * 10 }],
        [`llm_e2e{phase:c${level}}`, trend(e2eMs)],
        [`llm_ttft{phase:c${level}}`, trend(e2eMs / 10)],
      ]),
    )
    const plan = { ...base.plan, shape: 'concurrency-sweep', phases, endMs: steps.length * 10_000 }
    const slo = { ...base.slo, ttftP95Ms: 50 }
    return build(metrics, { plan, slo, loadStartMs: 0 }).sweep
  }
  /** A server whose step time is a + b·c: throughput c/(a + bc), E2E (a + bc). */
  const batching = (level: number, a: number, b: number): [number, number, number] => {
    const seconds = a + b * level
    return [level, level / seconds, seconds * 1000]
  }
  const levels = [1, 2, 4, 8, 16, 32, 64]

  it('is where a batching server has doubled its step time', () => {
    // c/(a + bc)² is greatest at c = a/b = 8.
    expect(sweep(levels.map((c) => batching(c, 0.08, 0.01)))).toMatchObject({ knee: 8, note: '' })
  })

  it('is none where power still rises at the end', () => {
    const found = sweep(levels.map((c) => batching(c, 10, 0.001)))
    expect(found).toMatchObject({ knee: null })
    expect(found?.note).toMatch(/higher steps/)
  })

  it('is none where power falls from the start', () => {
    const found = sweep(levels.map((c) => batching(c, 0.001, 0.1)))
    expect(found?.knee).toBeNull()
    expect(found?.note).toMatch(/lower steps/)
  })

  it('needs four steps', () => {
    expect(sweep([1, 8, 64].map((c) => batching(c, 0.08, 0.01)))?.note).toMatch(/needs 4/)
  })

  it('names the highest step that kept the SLO', () => {
    // TTFT is a tenth of E2E here: 50 ms are kept up to E2E 500 ms, c = 42.
    expect(sweep(levels.map((c) => batching(c, 0.08, 0.01)))?.bestWithinSlo).toBe(32)
  })
})

describe('endpoints', () => {
  it('shows share, errors and the outage of each', () => {
    const base = runInfo('steady')
    const phases = [phase('failover', 60_000)]
    const rate = (share: number): Values => ({
      rate: share,
      passes: share * 20,
      fails: 20 - share * 20,
    })
    const slices = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => i + 1).flatMap((slice) => [
        [`llm_request_failed{endpoint:a:1,slice:${slice}}`, rate(slice >= 4 && slice <= 6 ? 1 : 0)],
        [`llm_request_failed{endpoint:b:1,slice:${slice}}`, rate(slice > 10 ? 1 : 0)],
      ]),
    )
    const report = build(
      {
        ...slices,
        'llm_requests_started{endpoint:a:1,measured:true}': { count: 300 },
        'llm_requests_started{endpoint:b:1,measured:true}': { count: 100 },
      },
      {
        plan: { ...base.plan, shape: 'failover', phases, endMs: 60_000 },
        endpoints: [
          { name: 'a:1', weight: 2 },
          { name: 'b:1', weight: 1 },
        ],
        loadStartMs: 0,
      },
    )
    expect(report.endpoints).toMatchObject([
      { endpoint: 'a:1', share: 0.75, outageFromMs: 15_000, outageMs: 15_000, recovered: true },
      { endpoint: 'b:1', share: 0.25, outageFromMs: 50_000, outageMs: 10_000, recovered: false },
    ])
    expect(report.endpoints[0]!.wantedShare).toBeCloseTo(2 / 3, 12)
    expect(renderText(report, { width: 120, color: false })).toMatch(/15\.?0?s from 15\.?0?s/)
  })

  it('one endpoint needs no table', () => {
    expect(build({}, { endpoints: [{ name: 'a:1', weight: 1 }] }).endpoints).toEqual([])
  })
})

it('a soak tells its last third from its first', () => {
  const base = runInfo('steady')
  const phases = [phase('soak', 120_000)]
  const metrics = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => i + 1).flatMap((slice) => [
      [`llm_requests_started{slice:${slice}}`, { count: 40 }],
      [`llm_ttft{slice:${slice}}`, trend(100 + slice * 10)],
      [`llm_tpot{slice:${slice}}`, trend(10)],
    ]),
  )
  const plan = { ...base.plan, shape: 'soak', phases, endMs: 120_000 }
  const { drift } = build(metrics, { plan, loadStartMs: 0 })
  expect(drift).toMatchObject({
    slicesEach: 4,
    ttftP50Ms: { first: 125, last: 205 },
    tpotP50Ms: { first: 10, last: 10 },
  })
})
