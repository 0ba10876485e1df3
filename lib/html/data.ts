import type { Detail } from '../runs/index.ts'
import type { Report, RunInfo, TrendStats } from '../results/index.ts'

/** What the page's script draws; embedded in the page as JSON. */
export interface ChartData {
  loop: 'open' | 'closed'
  unit: string
  phases: { name: string; startS: number; endS: number; measured: boolean }[]
  limits: { ttft: number | null; tpot: number | null; e2e: number | null }
  /** Null without records: then the charts use slices. */
  series: Detail['series'] | null
  slices: {
    atS: number[]
    startedPerS: (number | null)[]
    completedPerS: (number | null)[]
    ttftP50: (number | null)[]
    ttftP95: (number | null)[]
    tpotP50: (number | null)[]
    tpotP95: (number | null)[]
  } | null
  histograms: Detail['histograms']
  curves: Detail['curves']
  /** One point per measured step, by the asked load; null for fewer than three different ones. */
  sweep: {
    name: string[]
    asked: number[]
    completedPerS: (number | null)[]
    tokensPerS: (number | null)[]
    ttftP95: (number | null)[]
    tpotP95: (number | null)[]
    goodPerS: (number | null)[]
  } | null
  server: Detail['server'] | null
}

export function chartData(
  report: Report,
  detail: Detail | undefined,
  plan: RunInfo['plan'] | undefined,
): ChartData {
  const limit = (...ids: string[]) =>
    ids.flatMap((id) => report.slo.find((v) => v.id === id)?.limit ?? [])[0] ?? null
  return {
    loop: report.load.loop,
    unit: report.load.unit,
    phases: phasesOf(report, plan),
    limits: {
      ttft: limit('ttft_p95', 'ttft_p99'),
      tpot: limit('tpot_p95', 'tpot_p99'),
      e2e: limit('e2e_p95', 'e2e_p99'),
    },
    series: detail === undefined ? null : short(detail.series),
    slices: detail === undefined ? slicesOf(report) : null,
    histograms: detail === undefined ? [] : short(detail.histograms),
    curves: detail === undefined ? [] : short(detail.curves),
    sweep: sweepOf(report),
    server: detail === undefined || detail.server.atS.length < 2 ? null : short(detail.server),
  }
}

/** Five digits are finer than a pixel, and take a third of the size. */
function short<T>(data: T): T {
  return JSON.parse(
    JSON.stringify(data, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(5)) : value,
    ),
  ) as T
}

function phasesOf(report: Report, plan: RunInfo['plan'] | undefined) {
  if (plan !== undefined) {
    return plan.phases.map(({ name, startMs, endMs, measured }) => ({
      name,
      startS: startMs / 1000,
      endS: endMs / 1000,
      measured,
    }))
  }
  const names = [...new Set(report.slices.map((slice) => slice.phase))]
  return names.map((name) => {
    const own = report.slices.filter((slice) => slice.phase === name)
    return {
      name,
      startS: Math.min(...own.map((slice) => slice.startMs)) / 1000,
      endS: Math.max(...own.map((slice) => slice.endMs)) / 1000,
      measured: true,
    }
  })
}

function slicesOf({ slices }: Report): ChartData['slices'] {
  if (slices.length < 2) return null
  const perS = (i: number, value: number | null) => {
    const slice = slices[i] as Report['slices'][number]
    return value === null ? null : (value * 1000) / (slice.endMs - slice.startMs)
  }
  return {
    atS: slices.map((slice) => slice.startMs / 1000),
    startedPerS: slices.map((slice, i) => perS(i, slice.started)),
    completedPerS: slices.map((slice, i) => perS(i, slice.completed)),
    ttftP50: slices.map((slice) => slice.ttft.p50),
    ttftP95: slices.map((slice) => slice.ttft.p95),
    tpotP50: slices.map((slice) => slice.tpot.p50),
    tpotP95: slices.map((slice) => slice.tpot.p95),
  }
}

function sweepOf(report: Report): ChartData['sweep'] {
  const steps = report.phases
    .filter((phase) => phase.measured && phase.asked !== null && phase.completed)
    .sort((a, b) => (a.asked as number) - (b.asked as number))
  if (new Set(steps.map((step) => step.asked)).size < 3) return null
  const p95 = (metric: string) =>
    steps.map((step) => (step.metrics[metric] as TrendStats | undefined)?.p95 ?? null)
  return {
    name: steps.map((step) => step.name),
    asked: steps.map((step) => step.asked as number),
    completedPerS: steps.map((step) => step.completedPerS),
    tokensPerS: steps.map((step) => step.outputTokensPerS),
    ttftP95: p95('llm_ttft'),
    tpotP95: p95('llm_tpot'),
    goodPerS: steps.map((step) => step.goodPerS),
  }
}
