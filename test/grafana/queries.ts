import { dashboards, MODES } from '../../grafana/src/index.ts'
import type { Mode, PageName } from '../../grafana/src/index.ts'

export interface Query {
  mode: Mode
  page: PageName
  panel: string
  expr: string
  instant: boolean
}

interface PanelJson {
  type: string
  title?: string
  description?: string
  panels?: PanelJson[]
  fieldConfig?: { defaults?: { unit?: string } }
  targets?: { expr?: string; instant?: boolean; refId?: string; legendFormat?: string }[]
}

export interface DashboardJson {
  uid?: string
  title?: string
  schemaVersion?: number
  __requires?: { type: string; id: string }[]
  panels?: PanelJson[]
  templating?: { list?: VariableJson[] }
  annotations?: { list?: { expr?: string }[] }
}

export interface VariableJson {
  name: string
  type: string
  label?: string
  description?: string
  /** 2: not shown. */
  hide?: number
  query?: string | { query?: string }
  current?: { value?: unknown }
}

export function eachDashboard(): { mode: Mode; page: PageName; json: DashboardJson }[] {
  return MODES.flatMap((mode) =>
    Object.entries(dashboards(mode)).map(([page, json]) => ({
      mode,
      page: page as PageName,
      // As Grafana gets it.
      json: JSON.parse(JSON.stringify(json)) as DashboardJson,
    })),
  )
}

export function panelsOf(json: DashboardJson): PanelJson[] {
  return (json.panels ?? [])
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .filter(({ type }) => type !== 'row')
}

/** Every expression of every panel and annotation. */
export function eachQuery(): Query[] {
  return eachDashboard().flatMap(({ mode, page, json }) => [
    ...panelsOf(json).flatMap(({ title = '', targets = [] }) =>
      targets.map(({ expr = '', instant = false }) => ({
        mode,
        page,
        panel: title,
        expr,
        instant,
      })),
    ),
    ...(json.annotations?.list ?? []).flatMap(({ expr }) =>
      expr === undefined ? [] : [{ mode, page, panel: 'annotation', expr, instant: false }],
    ),
  ])
}
