import uPlot from 'uplot'
import type { ChartData } from '../../../lib/html/index.ts'
import type { Chart, Line, Values } from './chart.ts'

const NAMES = { ttft: 'TTFT', tpot: 'TPOT', e2e: 'E2E' }
const COLORS = { ttft: 1, tpot: 2, e2e: 3 }

/** The page's charts, by the place that holds them. */
export function chartsOf(data: ChartData): Record<string, Chart[]> {
  return {
    histograms: data.histograms.map(histogram),
    curves: curves(data),
    time: data.series === null ? sliceCharts(data) : timeCharts(data, data.series),
    sweep: sweepCharts(data),
  }
}

function histogram({ metric, edgesMs, counts }: ChartData['histograms'][number]): Chart {
  // The middle of a bin on the logarithmic axis.
  const x = counts.map((_, i) => Math.sqrt((edgesMs[i] as number) * (edgesMs[i + 1] as number)))
  const [low, high] = [edgesMs[0] ?? 1, edgesMs[edgesMs.length - 1] ?? 1]
  return {
    title: NAMES[metric],
    unit: 'requests by ms',
    x,
    xLog: true,
    xLabel: 'ms',
    xRange: [low, high],
    xTicks: { at: roundTicks(low, high), text: rounded },
    lines: [{ label: 'requests', color: COLORS[metric], values: counts, kind: 'bars' }],
  }
}

/** Round numbers inside the range: 1-2-5 steps if that gives at least three, else even steps. */
function roundTicks(low: number, high: number): number[] {
  const found: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power
      if (value >= low && value <= high) found.push(value)
    }
  }
  if (found.length >= 3)
    return found.length > 6 ? found.filter((v) => v.toExponential().startsWith('1')) : found
  const step = 10 ** Math.floor(Math.log10((high - low) / 2 || low))
  const coarse = [1, 2, 5].map((n) => n * step).find((s) => (high - low) / s <= 6) ?? step * 10
  return Array.from(
    { length: Math.floor(high / coarse) - Math.ceil(low / coarse) + 1 },
    (_, i) => (Math.ceil(low / coarse) + i) * coarse,
  )
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** Latency by percentile, with the tail stretched: x = -log10(1 - share). */
function curves(data: ChartData): Chart[] {
  const pairs = [['ttft', 'e2e'], ['tpot']] as const
  return pairs.flatMap((metrics) => {
    const own = data.curves.filter((curve) => (metrics as readonly string[]).includes(curve.metric))
    if (own.length === 0) return []
    const tables = own.map(({ atShare, ms }) => {
      const kept = atShare.flatMap((share, i) => (share < 1 ? [[share, ms[i] as number]] : []))
      return [kept.map(([share]) => -Math.log10(1 - (share as number))), kept.map(([, v]) => v)]
    })
    const joined = uPlot.join(tables as uPlot.AlignedData[])
    const top = Math.max(...(joined[0] as number[]))
    const at = [0, Math.log10(2), 1, 2, 3, 4, 5].filter((x) => x <= top + 1e-9)
    return [
      {
        title: `${own.map(({ metric }) => NAMES[metric]).join(' and ')} by percentile`,
        unit: 'ms',
        x: joined[0] as number[],
        xLabel: 'percentile',
        xRange: [0, Math.max(top, 1)],
        xTicks: { at, text: (x: number) => `p${Number(((1 - 10 ** -x) * 100).toFixed(3))}` },
        lines: own.map(({ metric }, i) => ({
          label: NAMES[metric],
          color: COLORS[metric],
          values: joined[i + 1] as Values,
        })),
      },
    ]
  })
}

function timeCharts(data: ChartData, series: NonNullable<ChartData['series']>): Chart[] {
  // A bucket's figure is drawn at its middle, so that it lines up with the server's points.
  const x = series.atS.map((start) => start + series.bucketMs / 2000)
  const end = (series.atS[series.atS.length - 1] ?? 0) + series.bucketMs / 1000
  const chart = (title: string, unit: string, lines: Line[], limit: number | null = null): Chart =>
    joinServer(data, { title, unit, x, xRange: [0, end], lines, limit, time: true })
  const open = data.loop === 'open'
  const asked: Line = { label: 'asked', color: 5, values: series.asked, kind: 'steps' }
  const failed = series.failedPerS.some((value) => (value ?? 0) > 0)
  return [
    chart('Rate', 'requests/s', [
      ...(open ? [asked] : []),
      { label: 'sent', color: 1, values: series.startedPerS },
      { label: 'completed', color: 3, values: series.completedPerS },
      ...(failed ? [{ label: 'failed', color: 4, values: series.failedPerS }] : []),
    ]),
    chart('In flight', 'requests', [
      ...(open ? [] : [asked]),
      { label: 'in flight', color: 1, values: series.inFlight },
      ...serverLines(data, [
        ['llm_server_running', 'running on the server', 3],
        ['llm_server_waiting', 'waiting on the server', 2],
      ]),
    ]),
    chart(
      'TTFT',
      'ms, by due time',
      percentileLines(series.ttftP50, series.ttftP95),
      data.limits.ttft,
    ),
    chart(
      'TPOT',
      'ms, by due time',
      percentileLines(series.tpotP50, series.tpotP95),
      data.limits.tpot,
    ),
    chart('E2E', 'ms, by due time', percentileLines(series.e2eP50, series.e2eP95), data.limits.e2e),
    chart('Output', 'tokens/s received', [
      { label: 'tokens/s', color: 3, values: series.tokensPerS },
    ]),
    ...serverCharts(data, chart),
  ]
}

function percentileLines(p50: Values, p95: Values): Line[] {
  return [
    { label: 'p50', color: 1, values: p50 },
    { label: 'p95', color: 2, values: p95 },
  ]
}

function serverLines(
  data: ChartData,
  wanted: readonly (readonly [string, string, number])[],
): Line[] {
  return wanted.flatMap(([name, label, color]) => {
    const values = data.server?.values[name]
    return values === undefined ? [] : [{ label, color, values, kind: 'dashes' as const }]
  })
}

function serverCharts(
  data: ChartData,
  chart: (title: string, unit: string, lines: Line[]) => Chart,
): Chart[] {
  const groups = [
    [
      'KV cache and GPU',
      'share of the whole',
      [
        ['llm_server_kv_cache_usage', 'KV cache in use', 1],
        ['llm_gpu_utilisation', 'GPU busy', 2],
      ],
    ],
    ['GPU power', 'W', [['llm_gpu_power', 'power', 2]]],
    ['GPU memory', 'bytes', [['llm_gpu_memory_used', 'in use', 4]]],
    ['Preemptions', 'since the previous poll', [['llm_server_preemptions', 'preemptions', 4]]],
  ] as const
  return groups.flatMap(([title, unit, wanted]) => {
    const lines = serverLines(data, wanted).map((line) => ({ ...line, kind: 'line' as const }))
    return lines.length === 0 ? [] : [chart(title, unit, lines)]
  })
}

/** Joins the server's polls, which lie at times of their own, to the chart's x axis. */
function joinServer(data: ChartData, chart: Chart): Chart {
  const { server } = data
  if (server === null) return chart
  const own = new Set<Values>(Object.values(server.values))
  const [theirs, mine] = [true, false].map((is) =>
    chart.lines.filter((l) => own.has(l.values) === is),
  )
  if (theirs === undefined || mine === undefined || theirs.length === 0) return chart
  const tables = [
    [chart.x, ...mine.map((line) => line.values)],
    [server.atS, ...theirs.map((line) => line.values)],
  ] as uPlot.AlignedData[]
  const [x, ...columns] = uPlot.join(tables)
  const lines = [...mine, ...theirs].map((line, i) => ({ ...line, values: columns[i] as Values }))
  return { ...chart, x: x as number[], lines }
}

function sliceCharts({ slices, limits }: ChartData): Chart[] {
  if (slices === null) return []
  const chart = (
    title: string,
    unit: string,
    lines: Line[],
    limit: number | null = null,
  ): Chart => ({
    title,
    unit,
    x: slices.atS,
    lines,
    limit,
    time: true,
  })
  return [
    chart('Rate', 'requests/s, by slice', [
      { label: 'sent', color: 1, values: slices.startedPerS, kind: 'steps' },
      { label: 'completed', color: 3, values: slices.completedPerS, kind: 'steps' },
    ]),
    chart('TTFT', 'ms, by slice', percentileLines(slices.ttftP50, slices.ttftP95), limits.ttft),
    chart('TPOT', 'ms, by slice', percentileLines(slices.tpotP50, slices.tpotP95), limits.tpot),
  ]
}

function sweepCharts({ sweep, unit, limits }: ChartData): Chart[] {
  if (sweep === null) return []
  const order = sweep.asked.map((_, i) => i)
  const byThroughput = order
    .filter((i) => typeof sweep.completedPerS[i] === 'number')
    .sort((a, b) => (sweep.completedPerS[a] as number) - (sweep.completedPerS[b] as number))
  const x = byThroughput.map((i) => sweep.completedPerS[i] as number)
  const pick = (values: Values) => byThroughput.map((i) => values[i] ?? null)
  return [
    {
      title: 'TTFT p95 by throughput',
      unit: 'ms by completed requests/s',
      x,
      xLabel: 'requests/s',
      lines: [{ label: 'TTFT p95', color: 1, values: pick(sweep.ttftP95), kind: 'points' }],
      limit: limits.ttft,
    },
    {
      title: 'TPOT p95 by throughput',
      unit: 'ms by completed requests/s',
      x,
      xLabel: 'requests/s',
      lines: [{ label: 'TPOT p95', color: 2, values: pick(sweep.tpotP95), kind: 'points' }],
      limit: limits.tpot,
    },
    {
      title: 'Throughput by load',
      unit: `requests/s by ${unit} asked`,
      x: sweep.asked,
      xLabel: 'asked',
      lines: [
        { label: 'completed', color: 3, values: sweep.completedPerS, kind: 'points' },
        { label: 'good', color: 1, values: sweep.goodPerS, kind: 'points' },
      ],
    },
    {
      title: 'Output by load',
      unit: `tokens/s by ${unit} asked`,
      x: sweep.asked,
      xLabel: 'asked',
      lines: [{ label: 'tokens/s', color: 3, values: sweep.tokensPerS, kind: 'points' }],
    },
  ]
}
