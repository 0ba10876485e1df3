import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  ALERTS,
  dashboards,
  expressionOf,
  fillIn,
  openedWith,
  textOf,
} from '../../grafana/src/index.ts'
import type { Mode } from '../../grafana/src/index.ts'
import { live } from '../grafana/live.ts'
import type { Live } from '../grafana/live.ts'
import { prometheusThere } from '../../scripts/prometheus.ts'
import type { Series } from '../../scripts/prometheus.ts'
import { eachDashboard, eachQuery, panelsOf } from '../grafana/queries.ts'
import type { Query } from '../grafana/queries.ts'

/** Of three queries of a figure one has an answer: what this run keeps, misses or has no limit for. */
const JUDGED = /^(Error rate|Goodput share|(TTFT|TPOT|E2E) p95)/

/**
 * Panels that this run cannot fill, and why. What needs another engine, a GPU or a host is not here:
 * for those a synthetic exposition is scraped.
 */
const CANNOT: readonly { mode?: Mode; panel: RegExp; expr: RegExp; why: string }[] = [
  {
    mode: 'trend',
    panel: /^Requests in flight/,
    expr: /target_concurrency.*/,
    why: 'the closed loop runs with native histograms; its gauge is the same in both modes',
  },
  {
    mode: 'trend',
    panel: /^Pauses after failures/,
    expr: /client_pause/,
    why: 'only a closed loop pauses, and the one here runs with native histograms',
  },
  {
    panel: /^Passed answers/,
    expr: /grading_failed/,
    why: "none of the project's graders fails, and a counter that was never added to is not pushed",
  },
  { panel: /^TLS handshake/, expr: /tls_handshake/, why: 'the server here speaks no TLS' },
  { panel: JUDGED, expr: /unless|<|>/, why: 'each run keeps a limit or misses it: see below' },
  {
    panel: /^(TTFT|TPOT|E2E) p|^Output tokens$/,
    expr: /- 1\) [<>]|- 1\)\) < /,
    why: 'a change is more, less, or about the same',
  },
]

const WINDOW = 10
/** k6 puts what is next to nothing (two tokens of one read) into a bucket around 0. */
const ZERO_MS = 1e-6
const rules = new URL('../../grafana/prometheus/alerts.yml', import.meta.url).pathname
const there = prometheusThere()
if (!there && process.env['CI']) {
  throw new Error('no `prometheus` on PATH: dashboards that nobody ran are broken; install it')
}

describe.skipIf(!there)('dashboards on a real Prometheus (skipped where there is none)', () => {
  let run: Live

  beforeAll(async () => {
    run = await live(inject('k6'), path.join(inject('bundles'), 'chat-spike.js'), rules)
  }, 400_000)
  afterAll(async () => run?.stop())

  /** Values of the variables, those that queries give by asking Prometheus as Grafana does. */
  async function variables(mode: Mode, testid: string) {
    const range = Math.ceil(run.endS - run.startS)
    const given = {
      testid,
      run_a: `${mode}-a`,
      run_b: `${mode}-b`,
      window: WINDOW,
      __range: `${range}s`,
      __range_s: range,
      __interval: '5s',
    }
    return openedWith(Object.values(dashboards(mode)), given, async (expr) => {
      const [series] = await run.prometheus.instant(expr, run.endS)
      expect(series, expr).toBeDefined()
      return series?.points[0]?.value ?? Number.NaN
    })
  }

  async function answers(
    { expr, instant }: Query,
    values: Readonly<Record<string, string | number>>,
  ) {
    const filled = fillIn(expr, values)
    return instant
      ? run.prometheus.instant(filled, run.endS)
      : run.prometheus.range(filled, run.startS, run.endS, 1)
  }

  it.each(['native', 'trend'] as const)(
    'answers every query of every panel, %s',
    async (mode) => {
      const testids = run.runs.filter((one) => one.mode === mode).map(({ testid }) => testid)
      const sets = await Promise.all(testids.map(async (testid) => variables(mode, testid)))
      const empty: Query[] = []
      for (const query of eachQuery().filter((one) => one.mode === mode)) {
        let answered = false
        for (const values of sets) {
          answered ||= hasValue(await answers(query, values))
          if (answered) break
        }
        if (!answered) empty.push(query)
      }
      // Only the project's own socket module says when bytes came and so how late a handler ran.
      const noStamps = run.runs.some(({ report }) => report.environment.clock !== 'socket')
      const excused = (query: Query) =>
        (noStamps && query.panel.startsWith('Handlers late')) ||
        CANNOT.some(
          (one) =>
            (one.mode ?? mode) === mode && one.panel.test(query.panel) && one.expr.test(query.expr),
        )
      expect(empty.filter((query) => !excused(query))).toEqual([])
    },
    300_000,
  )

  it('finds values for every variable that lists labels', async () => {
    const lists = eachDashboard().flatMap(({ json }) =>
      (json.templating?.list ?? []).flatMap(({ query }) => {
        return /^label_values\((.*), (\w+)\)$/.exec(textOf(query))?.slice(1) ?? []
      }),
    )
    for (let i = 0; i < lists.length; i += 2) {
      const selector = fillIn(lists[i] as string, { testid: '.*', job: '.*' })
      const label = lists[i + 1] as string
      const found = await run.prometheus.instant(
        `count by (${label}) (last_over_time(${selector}[1h]))`,
        run.endS,
      )
      expect(
        found.some(({ labels }) => labels[label] !== undefined),
        selector,
      ).toBe(true)
    }
  })

  it('gives an answer to both sides of every alert, and loads the rules', async () => {
    for (const alert of ALERTS) {
      for (const side of [alert.value, alert.limit]) {
        const series = await run.prometheus.range(side, run.startS, run.endS, 1)
        expect(hasValue(series), `${alert.name}: ${side}`).toBe(true)
      }
      // That it fires or not is for the data to say; here it is to be asked without error.
      await run.prometheus.range(expressionOf(alert), run.startS, run.endS, 5)
    }
    const loaded = await run.prometheus.rules()
    expect(loaded.map(({ name }) => name).sort()).toEqual(ALERTS.map(({ name }) => name).sort())
    expect(loaded.filter(({ health }) => health !== 'ok')).toEqual([])
  }, 120_000)

  it('fires on what went wrong in the run and on nothing that went well', async () => {
    const value = async (name: string) => {
      const alert = ALERTS.find((one) => one.name === name)
      if (alert === undefined) throw new Error(`no alert ${name}`)
      const series = await run.prometheus.range(expressionOf(alert), run.startS, run.endS, 1)
      return new Set(series.map(({ labels }) => labels['testid']))
    }
    // 6 % of requests fail, 1 % may; 30 s are allowed for E2E.
    expect(await value('LLMErrorRate')).toContain('native-a')
    expect(await value('LLME2EOverLimit')).toEqual(new Set())
    expect(await value('LLMServerKVCacheFull')).not.toEqual(new Set(['closed']))
  })

  it("counts what k6's own summary counts", async () => {
    for (const { testid, report } of run.runs) {
      const count = async (metric: string, more = '') => {
        const [series] = await run.prometheus.instant(
          `sum(last_over_time(${metric}{testid="${testid}"${more}}[1h]))`,
          run.endS,
        )
        return series?.points[0]?.value
      }
      expect(await count('k6_llm_requests_started_total'), testid).toBe(report.total.started)
      expect(await count('k6_llm_requests_total'), testid).toBe(report.total.finished)
      const completed = await count('k6_llm_requests_total', ',outcome="completed",measured="true"')
      expect(completed, testid).toBe(report.measured.completed)
    }
  })

  it('tells in the summary, without Prometheus, what the server and the GPUs said', () => {
    for (const { testid, report } of run.runs) {
      const phases = report.server?.phases ?? []
      expect(
        phases.map(({ phase }) => phase),
        testid,
      ).toEqual(report.phases.map(({ name }) => name))
      expect(Math.max(...phases.map((one) => one.kvCacheUsageMax ?? 0)), testid).toBeGreaterThan(0)
      expect(Math.max(...phases.map((one) => one.runningMax ?? 0)), testid).toBeGreaterThan(0)
      // The exposition of DCGM says 97 and 93 %, and 1,190.6 W.
      expect(Math.max(...phases.map((one) => one.gpuUtilisationMax ?? 0)), testid).toBeCloseTo(
        0.95,
        6,
      )
      expect(Math.max(...phases.map((one) => one.gpuPowerMax ?? 0)), testid).toBeCloseTo(1190.6, 6)
      expect(report.server?.joulesPerToken, testid).toBeGreaterThan(0)
    }
  })

  it("shows at the top what k6's own summary says", async () => {
    for (const { testid, mode, report } of run.runs) {
      const values = { ...(await variables(mode, testid)), testid }
      const answered = async (title: string, legend?: string) => {
        const page = eachDashboard().find((one) => one.mode === mode && one.page === 'load-test')
        const panel = panelsOf(page?.json ?? {}).find((one) => one.title?.startsWith(title))
        const found: { legend: string | undefined; value: number | undefined }[] = []
        for (const target of panel?.targets ?? []) {
          if (legend !== undefined && target.legendFormat !== legend) continue
          const [series] = await run.prometheus.instant(fillIn(target.expr ?? '', values), run.endS)
          if (series === undefined) continue
          found.push({ legend: target.legendFormat, value: series.points[0]?.value })
        }
        return found
      }
      const shown = async (title: string, legend?: string) =>
        (await answered(title, legend))[0]?.value
      const { measured, slo } = report
      const near = async (value: Promise<number | undefined>, wanted: number | null) =>
        expect(await value, testid).toBeCloseTo(wanted ?? Number.NaN, 9)
      const use = (id: string) => {
        const { value, limit } = slo.find((one) => one.id === id) ?? { value: null, limit: 0 }
        return id === 'goodput' ? limit / (value ?? Number.NaN) : (value ?? Number.NaN) / limit
      }
      await near(shown('Finished requests'), measured.finished)
      await near(shown('Error rate'), measured.errorRate)
      await near(shown('Goodput share'), measured.goodShare)
      await near(shown('Use of each SLO limit', 'error rate'), use('error_rate'))
      await near(shown('Use of each SLO limit', 'goodput'), use('goodput'))
      // Each figure is judged once, as the summary judges the value that was measured.
      for (const [title, id] of [
        ['Error rate', 'error_rate'],
        ['Goodput share', 'goodput'],
        ['TTFT p95', 'ttft_p95'],
        ['E2E p95', 'e2e_p95'],
      ] as const) {
        const kept = slo.find((one) => one.id === id)?.thresholdKept
        const words = (await answered(title)).map(({ legend }) => legend)
        expect(words, `${testid} ${title}`).toEqual([kept ? 'within its limit' : 'limit missed'])
      }
    }
  }, 60_000)

  it('has never more in flight than the closed loop asks for, and all of it at the peak', async () => {
    const values = { ...(await variables('native', 'closed')), testid: 'closed' }
    const queries = eachQuery().filter((one) => one.mode === 'native' && one.page === 'load-test')
    const inFlight = queries.filter(({ panel }) => panel === 'Requests in flight')[1]
    const filled = fillIn(inFlight?.expr ?? '', values)
    const [series] = await run.prometheus.range(filled, run.startS, run.endS, 1)
    const points = (series?.points ?? []).map(({ value }) => value)
    expect(Math.max(...points)).toBe(6)
    expect(Math.min(...points)).toBeGreaterThanOrEqual(0)
  })

  it('lists every run with its start and end, in ms', async () => {
    const [start, end] = eachQuery().filter((one) => one.mode === 'native' && one.page === 'runs')
    const values = await variables('native', 'native-a')
    const at = async (query: Query | undefined) => {
      const series = await answers(query as Query, { ...values, __range: '1h' })
      return new Map(series.map((one) => [one.labels['testid'], one.points[0]?.value ?? 0]))
    }
    const [starts, ends] = [await at(start), await at(end)]
    for (const { testid } of run.runs) {
      expect(starts.get(testid), testid).toBeGreaterThan(1000 * run.startS)
      expect(ends.get(testid), testid).toBeGreaterThan((starts.get(testid) ?? 0) + 10_000)
      expect(ends.get(testid), testid).toBeLessThanOrEqual(1000 * run.endS + 1000)
    }
  })

  it.each(['llm_ttft', 'llm_tpot', 'llm_e2e', 'llm_itl'])(
    "%s: percentiles from native histograms are k6's own within a bucket",
    async (metric) => {
      const native = run.runs.filter(({ mode }) => mode === 'native')
      const at = await variables('native', 'native-a')
      for (const { testid, measured } of native) {
        const values = measured(metric)
        expect(values.length, testid).toBeGreaterThan(20)
        const series = `k6_${metric}_seconds{testid="${testid}",measured="true"}`
        const grown = `sum ((${series} unless ${series} offset ${at['__range']}) or increase(${series}[${at['__range']}:5s]))`
        const [count] = await run.prometheus.instant(`histogram_count(${grown})`, run.endS)
        expect(count?.points[0]?.value, testid).toBeCloseTo(values.length, 3)
        for (const q of [0.5, 0.9, 0.95, 0.99]) {
          const [answer] = await run.prometheus.instant(
            `histogram_quantile(${q}, ${grown})`,
            run.endS,
          )
          const ms = 1000 * (answer?.points[0]?.value ?? Number.NaN)
          // k6's buckets grow by 2^(1/8); Prometheus puts the rank at q * n, k6 at q * (n - 1).
          const bucket = 2 ** (1 / 8)
          const rank = q * (values.length - 1)
          const low = values[Math.max(0, Math.floor(rank) - 1)] as number
          const high = values[Math.min(values.length - 1, Math.ceil(rank) + 1)] as number
          expect(ms, `${testid} p${q * 100}`).toBeGreaterThanOrEqual(low / bucket)
          expect(ms, `${testid} p${q * 100}`).toBeLessThanOrEqual(high * bucket + ZERO_MS)
        }
      }
    },
    60_000,
  )

  it("gives k6's own mean in trend mode, and the same lengths in both", async () => {
    const trend = run.runs.find(({ testid }) => testid === 'trend-a')
    const values = trend?.measured('llm_ttft') ?? []
    const where = 'testid="trend-a",measured="true"'
    const [answer] = await run.prometheus.instant(
      `sum(last_over_time(k6_llm_ttft_sum{${where}}[1h])) / (1000 * sum(last_over_time(k6_llm_ttft_count{${where}}[1h])))`,
      run.endS,
    )
    const expected = values.reduce((a, b) => a + b, 0) / values.length / 1000
    expect(answer?.points[0]?.value).toBeCloseTo(expected, 6)
  })
})

function hasValue(series: readonly Series[]): boolean {
  return series.some(
    ({ points, histogram }) => histogram || points.some(({ value }) => Number.isFinite(value)),
  )
}
