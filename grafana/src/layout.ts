import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import { metricDef } from '../../lib/metrics/index.ts'
import { PERCENTILES } from './modes.ts'
import type { Mode } from './modes.ts'
import { counter } from './names.ts'
import { DATASOURCE } from './panels.ts'
import { recentStarts, RUN } from './queries.ts'

/** Dashboards of one mode link to each other by this tag. */
export const tagOf = (mode: Mode) => `k6-inference-${mode}`

export interface Row {
  title: string
  panels: readonly Builder<dashboard.Panel>[]
  /** Folded at first, for what few need. */
  folded?: boolean
}

export interface Page {
  uid: string
  title: string
  description: string
  variables: readonly Builder<dashboard.VariableModel>[]
  rows: readonly Row[]
  /** Marks phases by the run variable's name; none on pages without a run. */
  phasesOf?: string
  /** Begin of the time range at first. */
  from?: string
}

export const datasource = () =>
  new dashboard.DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .description('The Prometheus that k6 writes to')
    .type('prometheus')

/** Values of a label of the requests that k6 finished, among what earlier variables chose. */
export function labelVariable(
  name: string,
  label: string,
  of: {
    among?: string
    all: boolean
    /** Whether All is chosen at first; else the last value by the alphabet is. */
    allAtFirst?: boolean
    metric?: string
    named: string
    description: string
  },
) {
  const metric = of.metric ?? counter('llm_requests')
  const query = `label_values(${metric}${of.among === undefined ? '' : `{${of.among}}`}, ${label})`
  const variable = new dashboard.QueryVariableBuilder(name)
    .label(of.named)
    .description(of.description)
    .datasource(DATASOURCE)
    .query({ query, refId: name, qryType: 1 })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalDesc)
    .multi(of.all)
  if (!of.all) return variable
  const withAll = variable.includeAll(true).allValue('.*')
  return of.allAtFirst === false ? withAll : withAll.current(ALL)
}

const ALL = { text: 'All', value: '$__all' }

/** Number that a query gives, for use in other queries. */
export function numberVariable(name: string, query: string) {
  return new dashboard.QueryVariableBuilder(name)
    .datasource(DATASOURCE)
    .query({ query: `query_result(${query})`, refId: name, qryType: 3 })
    .definition(`query_result(${query})`)
    .regex('/} (-?[0-9]+)/')
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .hide(dashboard.VariableHide.HideVariable)
}

export function textVariable(name: string, label: string, value: string, description: string) {
  return new dashboard.TextBoxVariableBuilder(name)
    .label(label)
    .description(description)
    .defaultValue(value)
    .current({ text: value, value })
}

/** @param first the value that is chosen at first */
export function choiceVariable(
  name: string,
  label: string,
  description: string,
  values: readonly string[],
  first = values[0] ?? '',
) {
  return new dashboard.CustomVariableBuilder(name)
    .label(label)
    .description(description)
    .values(values.join(','))
    .options(values.map((value) => ({ text: value, value, selected: value === first })))
    .current({ text: first, value: first })
}

/** Length of "now": at least four times the push interval of k6. */
export const windowVariable = () =>
  choiceVariable(
    'window',
    'Window (s)',
    'How far back "now" reaches in rates and percentiles: at least four times the push interval of k6',
    ['20', '60', '300', '900'],
  )

/** A percentile to look at. */
export const quantileVariable = () =>
  choiceVariable(
    'quantile',
    'Percentile',
    'Of the panels whose titles name it',
    PERCENTILES.map((q) => String(100 * q)),
    '95',
  )

/** Any further label, for whoever tags requests with labels of their own. */
const filterVariable = () =>
  new dashboard.AdHocVariableBuilder('filter')
    .label('Filter')
    .description('Further labels, of all series of this dashboard')
    .datasource(DATASOURCE)

/** Run, and the parts of it. */
export function partVariables() {
  const among = RUN
  const part = (name: string, named: string, description: string) =>
    labelVariable(name, name, { among, all: true, named, description })
  const description = 'The tag testid of the run; several lie over each other'
  return [
    datasource(),
    labelVariable('testid', 'testid', { all: true, allAtFirst: false, named: 'Run', description }),
    part('scenario', 'Scenario', "k6's scenarios of the run"),
    part('phase', 'Phase', 'Phases of the load: warm-up, baseline, spike, …'),
    part('app', 'App', 'Applications of a mix'),
    part('model', 'Model', 'Models that were asked'),
    windowVariable(),
    filterVariable(),
  ]
}

/** Stretches in which each phase started requests, named by it. */
function phases(run: string) {
  const expr = `sum by (phase) (${recentStarts(`testid=~"$${run}"`)}) > 0`
  // Older Grafana reads `expr`, newer `target`.
  const query = new prometheus.DataqueryBuilder().refId('Anno').expr(expr).interval('5s')
  return new dashboard.AnnotationQueryBuilder()
    .name('Phases')
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor('purple')
    .expr(expr)
    .titleFormat('{{phase}}')
    .step('5s')
    .target(query as unknown as Builder<never>)
}

/** What the catalogue says of metrics, for descriptions. */
export function formula(...names: string[]): string {
  return names
    .map((name) => {
      const def = metricDef(name)
      if (def === undefined) throw new Error(`${name} is not in the catalogue`)
      return `${def.title} (${name}): ${def.formula}.`
    })
    .join('\n\n')
}

export function page(mode: Mode, of: Page) {
  const { uid, title, description, variables, rows, phasesOf, from = 'now-15m' } = of
  const suffix = mode === 'native' ? '' : ' (trend stats)'
  const builder = new dashboard.DashboardBuilder(`${title}${suffix}`)
    .uid(`k6i-${uid}${mode === 'native' ? '' : '-trend'}`)
    .description(description)
    .tags(['k6', 'llm', tagOf(mode)])
    .timezone('browser')
    .refresh('5s')
    .time({ from, to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables([...variables])
    .link(
      new dashboard.DashboardLinkBuilder('LLM load tests')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([tagOf(mode)])
        .includeVars(true)
        .keepTime(true)
        .asDropdown(true),
    )
  if (phasesOf !== undefined) builder.annotation(phases(phasesOf))
  for (const { title: heading, panels, folded } of rows) {
    const row = new dashboard.RowBuilder(heading)
    if (folded) for (const panel of panels) row.withPanel(panel)
    builder.withRow(row)
    if (!folded) for (const panel of panels) builder.withPanel(panel)
  }
  return numbered(builder.build())
}

/** The first Grafana whose schema this is. */
const GRAFANA = '12.0.0'
const SCHEMA = 41

/**
 * Panel ids in order, so that links to panels hold and the JSON is the same each time; and what
 * grafana.com asks of a dashboard: what must be there to show it. Its Prometheus is a variable, not an input.
 */
function numbered(built: dashboard.Dashboard): dashboard.Dashboard {
  built.schemaVersion = SCHEMA
  let id = 0
  const types = new Set<string>()
  for (const panel of built.panels ?? []) {
    const own = ('panels' in panel && panel.panels) || []
    for (const one of [panel, ...own]) {
      one.id = ++id
      if (one.type !== 'row') types.add(one.type)
    }
  }
  const requires = [
    { type: 'grafana', id: 'grafana', name: 'Grafana', version: GRAFANA },
    { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
    ...[...types].sort().map((type) => ({ type: 'panel', id: type, name: type, version: '' })),
  ]
  return { __inputs: [], __requires: requires, ...built } as dashboard.Dashboard
}
