import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { PERCENTILES } from './modes.ts'
import { counter } from './names.ts'
import { DATASOURCE } from './panels.ts'
import { RUN } from './queries.ts'

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
