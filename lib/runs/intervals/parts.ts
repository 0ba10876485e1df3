import type { MeasuredWindow } from '../types.ts'
import { partOf } from '../window.ts'
import type { Collected, Series } from './series.ts'

/** The part of a phase's window between two times. */
export function within(window: MeasuredWindow, fromMs: number, toMs: number): MeasuredWindow {
  const spans = window.spans.map(({ phase, startMs, endMs }) => ({
    phase,
    startMs: Math.max(startMs, fromMs),
    endMs: Math.min(endMs, toMs),
  }))
  return partOf(window, spans)
}

/** What was collected between two times; of an amount spread over time, the part between them. */
export function between(found: Collected, fromMs: number, toMs: number): Collected {
  const own = (series: Series) => filtered(series, (at) => at >= fromMs && at < toMs)
  return {
    latencies: new Map([...found.latencies].map(([name, series]) => [name, own(series)] as const)),
    failed: own(found.failed),
    good: own(found.good),
    input: own(found.input),
    cached: own(found.cached),
    tokens: clipped(found.tokens, fromMs, toMs),
    asked: own(found.asked),
  }
}

function filtered(series: Series, keeps: (atMs: number) => boolean): Series {
  return {
    add: series.add,
    of(phase) {
      const all = series.of(phase)
      const pick = <T extends Float64Array | Uint8Array>(column: T) =>
        column.filter((_: number, i: number) => keeps(all.atMs[i] as number)) as T
      return {
        values: pick(all.values),
        atMs: pick(all.atMs),
        untilMs: pick(all.untilMs),
        phases: pick(all.phases),
      }
    },
  }
}

/** Amounts that are spread over time, as far as they lie between two times. */
function clipped(series: Series, fromMs: number, toMs: number): Series {
  return {
    add: series.add,
    of(phase) {
      const all = series.of(phase)
      const share = (i: number) => {
        const [at, end] = [all.atMs[i] as number, all.untilMs[i] as number]
        if (end <= at) return at >= fromMs && at < toMs ? 1 : 0
        return Math.max(0, Math.min(end, toMs) - Math.max(at, fromMs)) / (end - at)
      }
      return {
        ...all,
        values: all.values.map((value, i) => value * share(i)),
        atMs: all.atMs.map((at) => Math.max(at, fromMs)),
        untilMs: all.untilMs.map((end) => Math.min(end, toMs)),
      }
    },
  }
}
