import { clip, columns, count, num, percent, wrap } from '../../tables/index.ts'
import type { Pen } from '../../tables/index.ts'
import type { OwnMetric, Report } from '../../results/index.ts'

/** The script's own metrics, one per line; empty where there are none. */
export function ownMetricLines({ metrics }: Report['own'], p: Pen): string[] {
  if (metrics.length === 0) return []
  const room = Math.min(32, Math.max(...metrics.map((m) => columns(m.name))))
  const lines = metrics.flatMap((m) =>
    wrap(values(m), p.width - room - 4).map((line, i) => {
      const name = i === 0 ? clip(m.name, room) : ''
      return `  ${name}${' '.repeat(room - columns(name))}  ${line}`
    }),
  )
  return [p.paint('bold', '  own metrics'), ...lines]
}

/** A metric's values as k6 writes them (internal/js/summary.js), with this summary's digits. */
function values({ type, contains, values: v }: OwnMetric): string {
  const show = (value: number | undefined) =>
    value === undefined ? num(null) : unit(value, contains)
  if (type === 'counter')
    return `${show(v['count'])}${v['rate'] === undefined ? '' : `  ${show(v['rate'])}/s`}`
  if (type === 'gauge') return `${show(v['value'])}  min=${show(v['min'])}  max=${show(v['max'])}`
  if (type === 'rate') {
    const total = (v['passes'] ?? 0) + (v['fails'] ?? 0)
    return `${percent(total === 0 ? null : v['rate'])}  ${count(v['passes'])} out of ${count(total)}`
  }
  const empty = v['count'] === 0
  const stats = [
    ['avg', v['avg']],
    ['min', v['min']],
    ['med', v['med'] ?? v['p(50)']],
    ['max', v['max']],
    ['p(90)', v['p(90)']],
    ['p(95)', v['p(95)']],
    ['p(99)', v['p(99)']],
  ] as const
  return stats.map(([name, value]) => `${name}=${show(empty ? undefined : value)}`).join(' ')
}

function unit(value: number, contains: string): string {
  if (contains === 'time') return `${num(value)}ms`
  return contains === 'data' ? `${num(value)} B` : num(value)
}
