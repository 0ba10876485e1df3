import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import { metricDef } from '../../lib/metrics/index.ts'
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
}

export const datasource = () =>
  new dashboard.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus')

/** Values of a label of the requests that k6 finished, among what earlier variables chose. */
export function labelVariable(
  name: string,
  label: string,
  of: { among?: string; all: boolean; metric?: string; named?: string },
) {
  const metric = of.metric ?? counter('llm_requests')
  const query = `label_values(${metric}${of.among === undefined ? '' : `{${of.among}}`}, ${label})`
  const variable = new dashboard.QueryVariableBuilder(name)
    .label(of.named ?? name)
    .datasource(DATASOURCE)
    .query({ query, refId: name, qryType: 1 })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalDesc)
    .multi(of.all)
  return of.all ? variable.includeAll(true).allValue('.*').current(ALL) : variable
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

export function choiceVariable(name: string, label: string, values: readonly string[]) {
  const first = values[0] ?? ''
  return new dashboard.CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options(values.map((value) => ({ text: value, value, selected: value === first })))
    .current({ text: first, value: first })
}

/** Length of "now": at least four times the push interval of k6. */
export const windowVariable = () =>
  choiceVariable('window', 'Window (s)', ['20', '60', '300', '900'])

/** Run, and the parts of it. */
export function partVariables() {
  const among = RUN
  return [
    datasource(),
    labelVariable('testid', 'testid', { all: false, named: 'Run' }),
    labelVariable('scenario', 'scenario', { among, all: true, named: 'Scenario' }),
    labelVariable('phase', 'phase', { among, all: true, named: 'Phase' }),
    labelVariable('app', 'app', { among, all: true, named: 'App' }),
    labelVariable('model', 'model', { among, all: true, named: 'Model' }),
    windowVariable(),
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

export function page(mode: Mode, { uid, title, description, variables, rows, phasesOf }: Page) {
  const suffix = mode === 'native' ? '' : ' (trend stats)'
  const builder = new dashboard.DashboardBuilder(`${title}${suffix}`)
    .uid(`k6i-${uid}${mode === 'native' ? '' : '-trend'}`)
    .description(description)
    .tags(['k6', 'llm', tagOf(mode)])
    .timezone('browser')
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
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

/** Panel ids in order, so that links to panels hold and the JSON is the same each time. */
function numbered(built: dashboard.Dashboard): dashboard.Dashboard {
  // Grafana 11's: what is used here is in it, and later versions migrate from it.
  built.schemaVersion = 39
  let id = 0
  for (const panel of built.panels ?? []) {
    panel.id = ++id
    for (const inner of ('panels' in panel && panel.panels) || []) inner.id = ++id
  }
  return built
}
