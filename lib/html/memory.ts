import type { Detail } from '../runs/index.ts'
import { html } from '../tables/index.ts'

/** In soak runs: how the memory in use changed, by the median of slopes (Theil-Sen). */
export function memoryText(detail: Detail | undefined): string {
  const points = detail?.server.values['llm_gpu_memory_used']
  if (detail === undefined || points === undefined) return ''
  const known = points.flatMap((value, i) =>
    value === null ? [] : [[detail.server.atS[i] as number, value] as const],
  )
  const step = Math.max(1, Math.floor(known.length / 200))
  const some = known.filter((_, i) => i % step === 0)
  const slopes = some.flatMap(([t, v], i) =>
    some.slice(i + 1).flatMap(([t2, v2]) => (t2 > t ? [(v2 - v) / (t2 - t)] : [])),
  )
  slopes.sort((a, b) => a - b)
  const middle = slopes[Math.floor(slopes.length / 2)]
  const seconds = (some[some.length - 1]?.[0] ?? 0) - (some[0]?.[0] ?? 0)
  // Over less than ten minutes a slope is warm-up, not a leak.
  if (middle === undefined || seconds < 600) return ''
  const perHour = (middle * 3600) / 2 ** 20
  return `<p>GPU memory in use moved by ${html(perHour.toFixed(1))} MiB per hour (median of slopes).</p>`
}
