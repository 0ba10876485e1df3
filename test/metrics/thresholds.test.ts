import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CATALOGUE,
  latencyLimits,
  canonicalKey,
  isAlwaysTrue,
  isInResults,
  judgedThresholds,
  mergeThresholds,
  metricDef,
  parseSelector,
  selector,
  sloThresholds,
  thresholdsFor,
} from '../../lib/metrics/index.ts'
import type { MetricDef, Slo } from '../../lib/metrics/index.ts'

const slo: Slo = {
  ttftP95Ms: 800,
  tpotP95Ms: 50,
  e2eP99Ms: 12_000.5,
  errorRate: 0.01,
  goodput: 0.95,
}
const phases = [
  { name: 'warmup', measured: false },
  { name: 'spike', measured: true },
]

describe('thresholdsFor', () => {
  const all = thresholdsFor({ phases, slices: ['1', '2'], slo })
  const real = Object.entries(all).flatMap(([key, list]) =>
    list.filter((t) => !isAlwaysTrue(t)).map((t) => `${key}: ${t}`),
  )

  it('has the limits of the SLO on the measured window, and nothing else that can fail', () => {
    expect(real.sort()).toEqual([
      'llm_e2e{measured:true}: p(99)<=12000.5',
      'llm_request_failed{measured:true}: rate<=0.01',
      'llm_request_good{measured:true}: rate>=0.95',
      'llm_requests{measured:true,outcome:completed}: count>0',
      'llm_tpot{measured:true}: p(95)<=50',
      'llm_ttft{measured:true}: p(95)<=800',
    ])
  })

  it('has the same without what only keeps figures, for k6 Cloud', () => {
    const judged = Object.entries(judgedThresholds(slo))
    expect(judged.flatMap(([key, list]) => list.map((t) => `${key}: ${t}`)).sort()).toEqual(
      real.sort(),
    )
  })

  it('keeps every metric of a request, and of the server if polled, whole, measured, by phase', () => {
    const polled = thresholdsFor({
      phases,
      slices: ['1', '2'],
      slo,
      serverFigures: true,
      graders: { names: ['number'], reasons: ['wrong'] },
      compared: true,
    })
    expect(
      Object.keys(all).filter((key) => /^llm_(server|gpu|grad|answer|compared|diverged)/.test(key)),
    ).toEqual([])
    for (const def of (CATALOGUE as readonly MetricDef[]).filter(isInResults)) {
      for (const tags of [{}, { measured: 'true' }, { phase: 'warmup' }, { phase: 'spike' }]) {
        expect(Object.keys(polled)).toContain(selector(def.name, tags as Record<string, string>))
      }
    }
  })

  it('keeps nothing of a metric that only dashboards use', () => {
    const live = (CATALOGUE as readonly MetricDef[]).filter(({ liveOnly }) => liveOnly)
    expect(live.map(({ name }) => name)).toContain('llm_requests_in_flight')
    const kept = new Set(Object.keys(all).map((key) => parseSelector(key).metric))
    expect(live.filter(({ name }) => kept.has(name))).toEqual([])
  })

  it("uses each kind's own statistic and the one spelling of a key", () => {
    const stats = {
      trend: ['max', 'p(95)', 'p(99)'],
      counter: ['count'],
      gauge: ['value'],
      rate: ['rate'],
    }
    for (const [key, list] of Object.entries(all)) {
      expect(canonicalKey(key)).toBe(key)
      const kind = metricDef(parseSelector(key).metric)?.kind ?? 'counter'
      for (const t of list) expect(stats[kind], key).toContain(t.split(/[<>]/)[0])
    }
  })

  it('keeps gaps by slice only where the SLO asks for them', () => {
    expect(Object.keys(all)).not.toContain('llm_itl{slice:1}')
    const withItl = thresholdsFor({ phases, slices: ['1'], slo: { ...slo, itlP99Ms: 100 } })
    expect(Object.keys(withItl)).toContain('llm_itl{slice:1}')
  })

  it('leaves goodput out where no latency limit defines it', () => {
    const bare = { errorRate: 0.01, goodput: 0.95 }
    expect(sloThresholds(bare).map((t) => t.id)).toEqual(['error_rate', 'completed'])
    // Of a median nothing follows for a single request.
    expect(sloThresholds({ ...bare, ttftP50Ms: 1 }).map((t) => t.id)).toEqual([
      'ttft_p50',
      'error_rate',
      'completed',
    ])
  })
})

describe('limits', () => {
  it.each(latencyLimits().map((limit) => [limit.variable, limit] as const))(
    '%s is one threshold of its statistic, kept by slice for the time to recover',
    (_, { id, field, metric, stat }) => {
      const set = { errorRate: 0, [field]: 12.5 }
      expect(sloThresholds(set)[0]).toMatchObject({
        id,
        selector: `${metric}{measured:true}`,
        expression: `${stat}<=12.5`,
        limit: 12.5,
        direction: 'at most',
      })
      const keys = Object.keys(thresholdsFor({ phases, slices: ['1'], slo: set }))
      expect(keys).toContain(`${metric}{slice:1}`)
      expect(metricDef(metric)?.tags).toContain('slice')
    },
  )

  it('have names of their own', () => {
    for (const of of ['id', 'variable', 'field'] as const) {
      expect(new Set(latencyLimits().map((limit) => limit[of])).size).toBe(latencyLimits().length)
    }
    expect(latencyLimits()).toContainEqual({
      id: 'ttft_due_mean',
      variable: 'SLO_TTFT_DUE_MEAN',
      field: 'ttftDueMeanMs',
      metric: 'llm_ttft_due',
      timing: 'ttftDueMs',
      title: 'TTFT from due',
      statistic: 'mean',
      stat: 'avg',
      share: undefined,
    })
  })
})

describe('selectors', () => {
  it('are written in one order and read back', () => {
    expect(selector('m', { b: '2', a: '1' })).toBe('m{a:1,b:2}')
    expect(selector('m')).toBe('m')
    const word = fc.stringMatching(/^[a-z0-9_:.-]{1,12}$/)
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), word), (tags) => {
        expect(parseSelector(selector('m', tags))).toEqual({ metric: 'm', tags: { ...tags } })
      }),
    )
  })

  it.each(['', 'a,b', 'a}', '{', '"a"', ' a'])('refuse the tag value %j', (value) => {
    expect(() => selector('llm_ttft', { phase: value })).toThrow(/llm_ttft.*phase/)
  })
})

describe('mergeThresholds', () => {
  it('joins two spellings of one key, so that neither list is lost', () => {
    expect(
      mergeThresholds<string>(
        { 'llm_ttft{measured:true,phase:a}': ['p(95)<=800'] },
        { 'llm_ttft{ phase: "a", measured:true}': ['p(95)<=800', 'avg<400'], mine: ['count>1'] },
      ),
    ).toEqual({ 'llm_ttft{measured:true,phase:a}': ['p(95)<=800', 'avg<400'], mine: ['count>1'] })
  })
})
