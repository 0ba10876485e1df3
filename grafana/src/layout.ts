import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import { metricDef } from '../../lib/metrics/index.ts'
import type { Mode } from './modes.ts'
import { DATASOURCE } from './panels.ts'
import { recentStarts } from './queries.ts'

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
