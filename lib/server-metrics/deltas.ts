import { FIGURES } from './figures.ts'
import type { ServerReading } from './types.ts'

const counters = FIGURES.filter(({ kind }) => kind === 'counter')

/** What k6 should add after a reading. */
export interface FigureSample {
  metric: string
  value: number
}

/**
 * Turns readings into samples: gauges as they are, counters as their increase since the last reading, so
 * that they add up by phase. The first reading only sets the starting values; a counter that fell (the
 * server restarted) counts from 0.
 */
export function createFigureSamples(): {
  feed: (reading: ServerReading) => FigureSample[]
  reset: () => void
} {
  const last = new Map<string, number>()
  return { feed, reset: () => last.clear() }

  function feed({ values }: ServerReading): FigureSample[] {
    const samples: FigureSample[] = []
    for (const { figure, metric, kind } of FIGURES) {
      const value = values[figure]
      if (value !== undefined && kind === 'gauge') samples.push({ metric, value })
    }
    for (const { figure, metric } of counters) {
      const value = values[figure]
      if (value === undefined) continue
      const before = last.get(metric)
      last.set(metric, value)
      samples.push({ metric, value: before === undefined ? 0 : grown(before, value) })
    }
    return samples
  }
}

function grown(before: number, now: number): number {
  return now >= before ? now - before : now
}
