import { createTheme, dateTime, FieldType, getDisplayProcessor, ThemeContext } from '@grafana/data'
import type { DataFrame, GrafanaTheme2 } from '@grafana/data'
import { BarGaugeDisplayMode, LegendDisplayMode, VizOrientation } from '@grafana/schema'
import {
  BarGauge,
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GlobalStyles,
  PanelChrome,
  TimeSeries,
} from '@grafana/ui'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { framesOf } from './data.ts'
import type { PanelJson, Request } from './data.ts'

const theme = createTheme({ colors: { mode: 'dark' } })
const WIDTH = 1480
const CELL = 30
const GAP = 8

declare global {
  interface Window {
    request: Request
    pending: number
    problems: string[]
  }
}
window.problems = []

function Body({ panel, frames, width, height }: Sized & { panel: PanelJson; frames: DataFrame[] }) {
  if (panel.type === 'timeseries') return lines(frames, width, height)
  if (panel.type === 'stat') return numbers(panel, frames, width, height)
  if (panel.type === 'bargauge') return bars(frames, width, height)
  if (panel.type === 'table') return cells(frames)
  return (
    <div style={{ padding: 12, color: theme.colors.text.secondary }}>
      {panel.type}: its component is part of Grafana itself and not of its library
    </div>
  )
}

interface Sized {
  width: number
  height: number
}

function lines(frames: DataFrame[], width: number, height: number) {
  const { startS, endS } = window.request
  const timeRange = {
    from: dateTime(startS * 1000),
    to: dateTime(endS * 1000),
    raw: { from: dateTime(startS * 1000), to: dateTime(endS * 1000) },
  }
  return (
    <TimeSeries
      frames={frames}
      timeRange={timeRange}
      timeZone="utc"
      width={width}
      height={height}
      legend={{
        showLegend: true,
        displayMode: LegendDisplayMode.List,
        placement: 'bottom',
        calcs: [],
      }}
    />
  )
}

function last(frame: DataFrame) {
  const field = frame.fields.find(({ type }) => type === FieldType.number)
  const value = field?.values.at(-1)
  const display = field && (field.display ?? getDisplayProcessor({ field, theme }))(value)
  return { ...display, title: field?.state?.displayName ?? undefined, field }
}

function numbers(panel: PanelJson, frames: DataFrame[], width: number, height: number) {
  return (
    <div style={{ display: 'flex' }}>
      {frames.map((frame, i) => {
        const { field, ...value } = last(frame)
        void field
        return (
          <BigValue
            key={i}
            theme={theme}
            width={width / frames.length}
            height={height}
            value={{ numeric: 0, text: '–', ...value }}
            colorMode={BigValueColorMode.Value}
            graphMode={BigValueGraphMode.None}
            textMode={
              panel.options['textMode'] === 'value_and_name'
                ? BigValueTextMode.ValueAndName
                : BigValueTextMode.Value
            }
          />
        )
      })}
    </div>
  )
}

function bars(frames: DataFrame[], width: number, height: number) {
  const each = Math.min(40, height / Math.max(1, frames.length) - 4)
  const titles = frames
    .map((frame) => String(last(frame).title ?? ''))
    .reduce((a, b) => (a.length > b.length ? a : b), '')
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      {frames.map((frame, i) => {
        const { field, ...value } = last(frame)
        return (
          <BarGauge
            key={i}
            theme={theme}
            width={width}
            height={each}
            value={{ numeric: 0, text: '–', ...value }}
            {...(field && { field: field.config, display: field.display })}
            alignmentFactors={{ title: titles, text: '10000%' }}
            orientation={VizOrientation.Horizontal}
            displayMode={BarGaugeDisplayMode.Basic}
          />
        )
      })}
    </div>
  )
}

/** A row for each set of labels, a column for each query, as the panel's transformations make it. */
function cells(frames: DataFrame[]) {
  const value = (frame: DataFrame) => frame.fields.find(({ type }) => type === FieldType.number)
  const columns = [...new Set(frames.map((frame) => String(value(frame)?.state?.displayName)))]
  const labels = [...new Set(frames.flatMap((frame) => Object.keys(value(frame)?.labels ?? {})))]
  const key = (frame: DataFrame) => labels.map((name) => value(frame)?.labels?.[name] ?? '')
  const rows = [...new Set(frames.map((frame) => key(frame).join('\u0000')))]
  const cell = { padding: '6px 10px', borderBottom: `1px solid ${theme.colors.border.weak}` }
  return (
    <table style={{ width: '100%', fontSize: 14 }}>
      <thead>
        <tr>
          {[...labels, ...columns].map((name) => (
            <th key={name} style={{ ...cell, color: theme.colors.primary.text }}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {row.split('\u0000').map((text, i) => (
              <td key={labels[i]} style={cell}>
                {text}
              </td>
            ))}
            {columns.map((column) => {
              const found = frames.find(
                (frame) =>
                  key(frame).join('\u0000') === row && value(frame)?.state?.displayName === column,
              )
              const shown = found && last(found)
              return (
                <td key={column} style={cell}>
                  {shown ? `${shown.prefix ?? ''}${shown.text ?? ''}${shown.suffix ?? ''}` : ''}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function PanelBox({ panel, top }: { panel: PanelJson; top: number }) {
  const [frames, setFrames] = useState<DataFrame[]>()
  const { x, y, w, h } = panel.gridPos
  const unit = WIDTH / 24
  const [width, height] = [w * unit - GAP, h * (CELL + GAP) - GAP]
  useEffect(() => {
    framesOf(panel, window.request, theme as GrafanaTheme2)
      .then(setFrames, (error: unknown) => window.problems.push(String(error)))
      .finally(() => window.pending--)
  }, [])
  return (
    <div
      style={{ position: 'absolute', left: x * unit, top: top + y * (CELL + GAP), width, height }}
    >
      <PanelChrome
        title={panel.title.replaceAll('$by', window.request.values['by'] ?? '')}
        width={width}
        height={height}
        padding="md"
      >
        {(innerWidth, innerHeight) =>
          frames === undefined ? null : frames.length === 0 ? (
            <div style={{ padding: 12, color: theme.colors.text.secondary }}>
              {panel.fieldConfig.defaults.noValue ?? 'No data'}
            </div>
          ) : (
            <Body panel={panel} frames={frames} width={innerWidth} height={innerHeight} />
          )
        }
      </PanelChrome>
    </div>
  )
}

async function main() {
  const { mode, page, panels: only } = window.request
  const dashboard = await (await fetch(`/dashboards/${mode}/${page}.json`)).json()
  const all: PanelJson[] = dashboard.panels
  const shown = all.filter((p) => only === undefined || p.type === 'row' || only.includes(p.title))
  const rows = packed(shown)
  const TOP = 64
  window.pending = rows.filter(({ type }) => type !== 'row').length
  const bottom = Math.max(...rows.map(({ gridPos }) => gridPos.y + gridPos.h))
  const element = document.getElementById('root')!
  element.style.height = `${TOP + bottom * (CELL + GAP)}px`
  createRoot(element).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div style={{ padding: '10px 2px', color: theme.colors.text.primary }}>
        <div style={{ fontSize: 20 }}>{dashboard.title}</div>
        <div style={{ fontSize: 12, color: theme.colors.text.secondary }}>
          Preview: {mode}/{page}.json drawn with @grafana/ui from a real Prometheus; this is not
          Grafana itself
        </div>
      </div>
      {rows.map((panel) =>
        panel.type === 'row' ? (
          <div
            key={panel.id}
            style={{
              position: 'absolute',
              top: TOP + panel.gridPos.y * (CELL + GAP) + 8,
              color: theme.colors.text.primary,
              fontSize: 16,
            }}
          >
            {panel.title.replaceAll('$by', window.request.values['by'] ?? '')}
          </div>
        ) : (
          <PanelBox key={panel.id} panel={panel} top={TOP} />
        ),
      )}
    </ThemeContext.Provider>,
  )
}

/** Rows without a panel left out, what follows moved up. */
function packed(panels: PanelJson[]): PanelJson[] {
  const kept = panels.filter(
    (p, i) => p.type !== 'row' || (panels[i + 1] && panels[i + 1]!.type !== 'row'),
  )
  const taken = [
    ...new Set(kept.flatMap(({ gridPos: { y, h } }) => Array.from({ length: h }, (_, i) => y + i))),
  ]
  taken.sort((a, b) => a - b)
  return kept.map((p) => ({ ...p, gridPos: { ...p.gridPos, y: taken.indexOf(p.gridPos.y) } }))
}

main().catch((error: unknown) => window.problems.push(String(error)))
