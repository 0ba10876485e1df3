import { describe, expect, it } from 'vitest'
import { SHAPES } from '../../lib/load/index.ts'
import { CATALOGUE, canonicalKey, thresholdsFor, windowsOf } from '../../lib/metrics/index.ts'
import type { MetricDef, Slo } from '../../lib/metrics/index.ts'
import { reportOf } from '../../lib/report/build.ts'
import type { Summary, SummaryMetric } from '../../lib/report/summary.ts'
import type { RunInfo } from '../../lib/results/index.ts'
import { load } from '../load/load.ts'
import { runInfo, SLO } from './fixtures/cases.ts'

const ALL_LIMITS: Slo = {
  ttftP95Ms: 1,
  ttftP99Ms: 1,
  tpotP95Ms: 1,
  tpotP99Ms: 1,
  itlP95Ms: 1,
  itlP99Ms: 1,
  e2eP95Ms: 1,
  e2eP99Ms: 1,
  errorRate: 0.1,
  goodput: 0.5,
}
const NO_LIMITS: Slo = { ...SLO, ttftP95Ms: undefined, tpotP95Ms: undefined, goodput: undefined }

/** A summary that has a value for whatever is asked of it, and remembers what was asked. */
function recording(): { summary: Summary; asked: Set<string> } {
  const asked = new Set<string>()
  const metric: SummaryMetric = {
    type: 'trend',
    contains: 'default',
    values: {
      ...{ count: 9, rate: 0.5, passes: 5, fails: 4, value: 1 },
      ...{ avg: 2, min: 1, med: 2, max: 3, 'p(50)': 2, 'p(90)': 3, 'p(95)': 3, 'p(99)': 3 },
    },
    thresholds: undefined,
  }
  const metrics = new (class extends Map<string, SummaryMetric> {
    override get(key: string): SummaryMetric {
      asked.add(key)
      return metric
    }
  })()
  const summary: Summary = {
    format: 'legacy',
    durationMs: 1e7,
    k6Version: null,
    metrics,
    checks: [],
  }
  return { summary, asked }
}

const GROUPS: Record<string, NonNullable<RunInfo['groups']>> = {
  'one application': [],
  'a mix of applications': [{ tag: 'app', values: ['chat', 'rag'] }],
  conversations: [{ tag: 'turn', values: ['1', '2', '10+'] }],
}
const ENDPOINTS = [
  { name: 'a:1', weight: 1 },
  { name: 'b:1', weight: 2 },
]

describe.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])(
  'the report of the shape %s',
  (shape) => {
    it.each(Object.keys(GROUPS))('of %s reads only what k6 was told to keep', (kind) => {
      for (const loop of ['open', 'closed'] as const) {
        for (const slo of [ALL_LIMITS, NO_LIMITS]) {
          for (const endpoints of [ENDPOINTS.slice(0, 1), ENDPOINTS]) {
            const plan = { ...SHAPES[shape](load({ loop })), segment: null }
            const groups = GROUPS[kind] ?? []
            const { summary, asked } = recording()
            reportOf(summary, runInfo('steady', { plan, slo, endpoints, groups, loadStartMs: 0 }))
            const kept = new Set(
              Object.keys(
                thresholdsFor({
                  phases: plan.phases,
                  slices: windowsOf(plan.phases).flatMap(({ slice }) => slice ?? []),
                  slo,
                  serverFigures: true,
                  groups,
                  endpoints: endpoints.length > 1 ? endpoints.map(({ name }) => name) : [],
                }),
              ).map(canonicalKey),
            )
            expect(asked.size).toBeGreaterThan(100)
            expect([...asked].filter((key) => !kept.has(canonicalKey(key)))).toEqual([])
          }
        }
      }
    })
  },
)

it('every latency of the catalogue says whether it is on screen', () => {
  const latencies = (CATALOGUE as readonly MetricDef[]).filter((def) => def.timing !== undefined)
  expect(latencies.filter((def) => def.screen === undefined)).toEqual([])
})
