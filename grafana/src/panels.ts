import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

/** A line, bar or number: an expression and what its series are called. */
export interface Target {
  expr: string
  legend: string
}

export interface PanelSpec {
  title: string
  /** How the figure is made. */
  description: string
  /** Grafana's unit: `s`, `percentunit`, `reqps`, `short`, … */
  unit: string
  targets: readonly Target[]
  /** Columns of 24, 8 by default. */
  width?: number
  /** Rows of the grid, 8 by default. */
  height?: number
  min?: number
  max?: number
  decimals?: number
  stacked?: boolean
  /** Value from which on it is amber, and red. */
  warnAt?: number
  badAt?: number
  /** Small values are the bad ones. */
  badBelow?: number
  /** What a stat shows: the value alone, or the name of its series too. */
  named?: boolean
  /** Colors of series by a pattern of their names; with any, all others are neutral. */
  colors?: Readonly<Record<string, string>>
  /** What is shown where no query has an answer. */
  empty?: string
  /** Links of a column of a table, by its name. */
  links?: Readonly<Record<string, { title: string; url: string }>>
  /** Unit of a column or series, by its name. */
  units?: Readonly<Record<string, string>>
}

export const DATASOURCE: common.DataSourceRef = { type: 'prometheus', uid: '${datasource}' }

interface Common {
  title(text: string): unknown
  description(text: string): unknown
  datasource(ref: common.DataSourceRef): unknown
  unit(unit: string): unknown
  span(columns: number): unknown
  height(rows: number): unknown
  interval(text: string): unknown
  min(value: number): unknown
  max(value: number): unknown
  decimals(value: number): unknown
  thresholds(builder: Builder<dashboard.ThresholdsConfig>): unknown
  withTarget(builder: Builder<prometheus.Dataquery>): unknown
}

/** What every panel has: none is left without unit, description and data source. */
function fill<P extends Common>(
  panel: P,
  spec: PanelSpec,
  instant: boolean,
  format = prometheus.PromQueryFormat.TimeSeries,
): P {
  panel.title(spec.title)
  panel.description(spec.description)
  panel.datasource(DATASOURCE)
  panel.unit(spec.unit)
  panel.span(spec.width ?? 8)
  panel.height(spec.height ?? 8)
  panel.interval('5s')
  if (spec.min !== undefined) panel.min(spec.min)
  if (spec.max !== undefined) panel.max(spec.max)
  if (spec.decimals !== undefined) panel.decimals(spec.decimals)
  panel.thresholds(thresholds(spec))
  spec.targets.forEach(({ expr, legend }, i) => {
    const query = new prometheus.DataqueryBuilder()
      .datasource(DATASOURCE)
      .refId(String.fromCharCode(65 + i))
      .expr(expr)
      .legendFormat(legend)
      .format(format)
    panel.withTarget(instant ? query.instant() : query.range())
  })
  return panel
}

function thresholds({ warnAt, badAt, badBelow }: PanelSpec): Builder<dashboard.ThresholdsConfig> {
  const steps: dashboard.Threshold[] = [
    { value: null, color: badBelow === undefined ? 'green' : 'red' },
  ]
  if (badBelow !== undefined) steps.push({ value: badBelow, color: 'green' })
  if (warnAt !== undefined) steps.push({ value: warnAt, color: 'orange' })
  if (badAt !== undefined) steps.push({ value: badAt, color: 'red' })
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps)
}

/** Lines over time. A series called `limit …` is drawn as a dashed red line. */
export function lines(spec: PanelSpec): Builder<dashboard.Panel> {
  const panel = fill(new timeseries.PanelBuilder(), { min: 0, ...spec }, false)
    .fillOpacity(spec.stacked ? 40 : 8)
    .lineWidth(2)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .overrideByRegexp('^limit.*', [
      fixedColor('red'),
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.lineWidth', value: 1 },
    ])
    .overrideByRegexp('^asked.*', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 4] } },
      { id: 'custom.fillOpacity', value: 0 },
    ])
  if (spec.stacked) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
  }
  return panel
}

/** Numbers of the whole time range. */
export function numbers(spec: PanelSpec): Builder<dashboard.Panel> {
  const panel = fill(new stat.PanelBuilder(), { width: 4, height: 4, ...spec }, true)
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(spec.named ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    // Points of subqueries: `$__interval` is the time range / this, and at least 5 s.
    .maxDataPoints(200)
  if (spec.empty !== undefined) panel.noValue(spec.empty)
  if (spec.colors !== undefined) panel.overrideByRegexp('.*', [fixedColor('text')])
  for (const [name, unit] of Object.entries(spec.units ?? {})) {
    panel.overrideByRegexp(name, [{ id: 'unit', value: unit }])
  }
  for (const [name, color] of Object.entries(spec.colors ?? {})) {
    panel.overrideByRegexp(name, [fixedColor(color)])
  }
  return panel
}

function fixedColor(color: string) {
  return { id: 'color', value: { mode: 'fixed', fixedColor: color } }
}

/** Bars of the whole time range, to compare shares of limits. */
export function bars(spec: PanelSpec): Builder<dashboard.Panel> {
  return fill(new bargauge.PanelBuilder(), { min: 0, ...spec }, true)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .noValue(spec.empty ?? 'no data')
    .maxDataPoints(200)
}

/** Distribution over time, from native histograms. */
export function heat(spec: PanelSpec): Builder<dashboard.Panel> {
  return fill(new heatmap.PanelBuilder(), spec, false, prometheus.PromQueryFormat.Heatmap)
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(spec.unit))
    .cellGap(0)
    .hideLegend()
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Spectral')
        .steps(64)
        .exponent(0.5),
    )
}

/** A row for each set of labels, a column for each target. */
export function rows(spec: PanelSpec): Builder<dashboard.Panel> {
  const panel = fill(new table.PanelBuilder(), spec, true, prometheus.PromQueryFormat.Table)
  for (const [column, link] of Object.entries(spec.links ?? {})) {
    panel.overrideByName(column, [{ id: 'links', value: [link] }])
  }
  for (const [column, unit] of Object.entries(spec.units ?? {})) {
    panel.overrideByName(column, [{ id: 'unit', value: unit }])
  }
  return panel.withTransformation({ id: 'merge', options: {} }).withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      renameByName: Object.fromEntries(
        spec.targets.map(({ legend }, i) => [`Value #${String.fromCharCode(65 + i)}`, legend]),
      ),
    },
  })
}
