import { readdirSync, readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  ALERTS,
  chosenAtFirst,
  dashboards,
  expressionOf,
  fillIn,
  generatedFiles,
  MODES,
} from '../../grafana/src/index.ts'
import { CATALOGUE } from '../../lib/metrics/index.ts'
import type { MetricDef } from '../../lib/metrics/index.ts'
import { ENGINES } from '../../lib/server-metrics/index.ts'
import { createServerMetrics } from '../../simulator/index.ts'
import { EXPOSED } from './expositions.ts'
import { prometheusThere } from '../../scripts/prometheus.ts'
import { eachDashboard, eachQuery, panelsOf } from './queries.ts'

const folder = new URL('../../grafana/', import.meta.url)

/** Any value does for a parser; times must be of the right form. */
const ANY: Record<string, string | number> = {
  ...chosenAtFirst(MODES.flatMap((mode) => Object.values(dashboards(mode)))),
  testid: 'run',
  run_a: 'a',
  run_b: 'b',
  shift: -30,
  shift_back: -10,
  shift_range: 870,
  __range: '900s',
  __range_s: 900,
  __interval: '5s',
}

const expressions = [
  ...eachQuery().map(({ mode, page, panel, expr }) => ({
    where: `${mode} ${page}: ${panel}`,
    expr: fillIn(expr, ANY),
  })),
  ...ALERTS.map((alert) => ({ where: `alert ${alert.name}`, expr: expressionOf(alert) })),
]

describe('what is checked in', () => {
  it.each(Object.entries(generatedFiles()))('%s is what the code makes', (name, content) => {
    // `npm run dashboards` writes it anew.
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(content)
  })

  it('has no dashboard that the code no longer makes', () => {
    const made = Object.keys(generatedFiles())
    const there = MODES.flatMap((mode) =>
      readdirSync(new URL(`dashboards/${mode}/`, folder)).map((f) => `dashboards/${mode}/${f}`),
    )
    expect(there.filter((file) => !made.includes(file))).toEqual([])
  })

  it('has Prometheus settings and rules that Prometheus takes', () => {
    const config = parse(readFileSync(new URL('prometheus/prometheus.yml', folder), 'utf8'))
    expect(config).toMatchObject({ rule_files: ['alerts.yml'] })
    if (!prometheusThere()) return
    const check = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
      expect(status, `${stdout}${stderr}`).toBe(0)
    }
    check('check', 'config', new URL('prometheus/prometheus.yml', folder).pathname)
    check('check', 'rules', new URL('prometheus/alerts.yml', folder).pathname)
  })
})

describe('dashboards', () => {
  const all = eachDashboard()

  it('have an identity each', () => {
    const uids = all.map(({ json }) => json.uid)
    expect(new Set(uids).size).toBe(all.length)
    // Grafana refuses longer ones.
    for (const uid of uids) expect(uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
    expect(new Set(all.map(({ json }) => json.title)).size).toBe(all.length)
  })

  it('have unit, description and queries on every panel', () => {
    const lacking = all.flatMap(({ mode, page, json }) =>
      panelsOf(json)
        .filter(
          ({ title, description, fieldConfig, targets }) =>
            !title ||
            (description ?? '').length < 20 ||
            !fieldConfig?.defaults?.unit ||
            !targets?.length ||
            new Set(targets.map(({ refId }) => refId)).size !== targets.length,
        )
        .map(({ title }) => `${mode} ${page}: ${title}`),
    )
    expect(lacking).toEqual([])
  })

  it('use only variables that they define, and define none in vain', () => {
    for (const { mode, page, json } of all) {
      const text = JSON.stringify({ ...json, templating: undefined })
      const queries = JSON.stringify(json.templating)
      const used = [...`${text}${queries}`.matchAll(/\$\{?(\w+)\}?/g)].map(([, name]) => name ?? '')
      const defined = (json.templating?.list ?? []).map(({ name }) => name)
      const unknown = used.filter((name) => !name.startsWith('__') && !defined.includes(name))
      expect([...new Set(unknown)], `${mode} ${page}`).toEqual([])
      // Grafana itself adds ad-hoc filters to every query.
      const idle = defined.filter((name) => !used.includes(name) && name !== 'filter')
      expect(idle, `${mode} ${page}`).toEqual([])
    }
  })

  it('say of every variable that one sees what it is', () => {
    const untold = all.flatMap(({ mode, page, json }) =>
      (json.templating?.list ?? [])
        .filter(({ hide, label, description }) => hide !== 2 && !(label && description))
        .map(({ name }) => `${mode} ${page}: ${name}`),
    )
    expect(untold).toEqual([])
  })

  it('can be imported at grafana.com: they say what must be there', () => {
    for (const { json } of all) {
      const panels = (json.__requires ?? []).filter(({ type }) => type === 'panel')
      const used = new Set(panelsOf(json).map(({ type }) => type))
      expect(new Set(panels.map(({ id }) => id))).toEqual(used)
      expect(json).toMatchObject({ __inputs: [], schemaVersion: 41 })
    }
  })

  it('say of percentiles in trend mode since when they are', () => {
    const untold = all
      .filter(({ mode }) => mode === 'trend')
      .flatMap(({ json }) => panelsOf(json))
      .filter(({ targets = [] }) => targets.some(({ expr = '' }) => /k6_\w+_p\d+\{/.test(expr)))
      .filter(({ description = '' }) => !description.includes('from the start of its series'))
    expect(untold.map(({ title }) => title).filter((t) => !/Change|p\d\d$/.test(t ?? ''))).toEqual(
      [],
    )
  })
})

describe('expressions', () => {
  it('parse', () => {
    const broken = expressions.filter(({ expr }) => {
      let bad = false
      parser.parse(expr).iterate({ enter: (node) => void (bad ||= node.type.isError) })
      return bad
    })
    expect(broken).toEqual([])
  })

  it('name only metrics of the catalogue, of k6, and of engines and exporters as they expose them', () => {
    const known = new Set([...k6Names(), ...exposedNames()])
    const strangers = new Map<string, string>()
    for (const { where, expr } of expressions) {
      for (const name of metricsIn(expr)) if (!known.has(name)) strangers.set(name, where)
    }
    expect(Object.fromEntries(strangers)).toEqual({})
  })
})

function metricsIn(expr: string): string[] {
  const names: string[] = []
  parser.parse(expr).iterate({
    enter({ type, from, to, node }) {
      if (type.name !== 'VectorSelector') return
      const name = node.getChild('Identifier')
      names.push(name === null ? expr.slice(from, to) : expr.slice(name.from, name.to))
    },
  })
  return names
}

/** Names under which k6 writes: see k6's output/prometheusrw. */
function k6Names(): string[] {
  const own = ['k6_vus', 'k6_vus_max', 'k6_dropped_iterations_total']
  const stats = ['p50', 'p90', 'p95', 'p99', 'max', 'count', 'sum']
  const ours = (CATALOGUE as readonly MetricDef[]).flatMap(({ name, kind, unit }) => {
    if (kind === 'counter') return [`k6_${name}_total`]
    if (kind === 'gauge') return [`k6_${name}`]
    if (kind === 'rate') return [`k6_${name}_rate`]
    const histogram = unit === 'ms' ? `k6_${name}_seconds` : `k6_${name}`
    return [histogram, ...stats.map((stat) => `k6_${name}_${stat}`)]
  })
  return [...own, ...ours]
}

function exposedNames(): string[] {
  const texts = EXPOSED.map((name) =>
    readFileSync(new URL(`../support/exposition/${name}.prom`, import.meta.url), 'utf8'),
  )
  texts.push(createServerMetrics('m').expose({} as never))
  const names = texts.flatMap((text) =>
    text.split('\n').flatMap((line) => /^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? []),
  )
  // Alternatives for older versions, which no newer exposition has.
  const older = ENGINES.flatMap(({ figures }) =>
    Object.values(figures).flatMap((sources) =>
      sources.slice(1).flatMap(({ terms }) => terms.map(({ metric }) => metric)),
    ),
  )
  return [...names, ...older]
}
