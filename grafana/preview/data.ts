import { createDataFrame, FieldType, getDisplayProcessor } from '@grafana/data'
import type { DataFrame, FieldConfig, GrafanaTheme2 } from '@grafana/data'

export interface Target {
  expr: string
  legendFormat?: string
  refId: string
  instant?: boolean
}
export interface PanelJson {
  id: number
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: Target[]
  fieldConfig: {
    defaults: FieldConfig
    overrides: {
      matcher: { id: string; options?: string }
      properties: { id: string; value: unknown }[]
    }[]
  }
  options: Record<string, unknown>
}

/** What the page is asked to draw; times in epoch seconds. */
export interface Request {
  mode: string
  page: string
  startS: number
  endS: number
  stepS: number
  values: Record<string, string>
  panels?: string[]
}

type Point = [number, string]
interface Result {
  metric: Record<string, string>
  values?: Point[]
  value?: Point
}

export const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, a?: string, b?: string) =>
    String(values[a ?? b ?? ''] ?? whole),
  )

async function ask(request: Request, target: Target): Promise<Result[]> {
  const query = fill(target.expr, request.values)
  const times = target.instant
    ? { time: request.endS }
    : { start: request.startS, end: request.endS, step: request.stepS }
  const body = new URLSearchParams({ query })
  for (const [key, value] of Object.entries(times)) body.set(key, String(value))
  const path = target.instant ? 'query' : 'query_range'
  const answer = await (await fetch(`/api/v1/${path}`, { method: 'POST', body })).json()
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${query}`)
  return answer.data.result
}

function nameOf(
  { legendFormat = '' }: Target,
  metric: Record<string, string>,
  values: Request['values'],
) {
  const name = fill(legendFormat, values).replace(
    /\{\{(\w+)\}\}/g,
    (_, label: string) => metric[label] ?? '',
  )
  return name.trim() || 'value'
}

/** A data frame for each series, with the panel's field settings on its values. */
export async function framesOf(
  panel: PanelJson,
  request: Request,
  theme: GrafanaTheme2,
): Promise<DataFrame[]> {
  const frames: DataFrame[] = []
  for (const target of panel.targets ?? []) {
    for (const result of await ask(request, target)) {
      const points = result.values ?? (result.value ? [result.value] : [])
      const name = nameOf(target, result.metric, request.values)
      const config = configOf(panel, name)
      const frame = createDataFrame({
        refId: target.refId,
        fields: [
          { name: 'Time', type: FieldType.time, values: points.map(([s]) => s * 1000) },
          {
            name,
            type: FieldType.number,
            labels: result.metric,
            config,
            values: points.map(([, v]) => (Number.isFinite(Number(v)) ? Number(v) : null)),
          },
        ],
      })
      for (const field of frame.fields) {
        field.display = getDisplayProcessor({ field, theme })
        field.state = {
          ...field.state,
          displayName: field.type === FieldType.time ? 'Time' : name,
          seriesIndex: frames.length,
        }
      }
      frames.push(frame)
    }
  }
  return frames
}

function matches({ id, options = '' }: { id: string; options?: string }, name: string): boolean {
  return id === 'byName' ? options === name : id === 'byRegexp' && new RegExp(options).test(name)
}

function configOf(panel: PanelJson, name: string): FieldConfig {
  const { defaults, overrides } = panel.fieldConfig
  const config: FieldConfig = {
    ...defaults,
    displayName: name,
    color: panel.type === 'timeseries' ? { mode: 'palette-classic' } : { mode: 'thresholds' },
    custom: { axisPlacement: 'auto', ...defaults.custom },
  }
  for (const { matcher, properties } of overrides) {
    if (!matches(matcher, name)) continue
    for (const { id, value } of properties) {
      if (id === 'color') config.color = value as FieldConfig['color']
      else if (id === 'unit') config.unit = value as string
      else config.custom[id.replace('custom.', '')] = value
    }
  }
  return config
}
