import { FIGURES } from './figures.ts'
import type { ServerReading } from './types.ts'

/** What k6 should add after a reading. */
export interface FigureSample {
  metric: string
  value: number
}

export interface FigureChange {
  samples: FigureSample[]
  /** Metrics whose value cannot be: out of bounds, or a counter that fell. They give no sample. */
  impossible: string[]
}

/**
 * Turns readings into samples: gauges as they are, counters as their increase since the last reading, so
 * that they add up by phase. The first reading only sets the starting values. So does the first after a
 * counter fell: the server restarted, or several replicas answer at one address, and what grew in
 * between is not known.
 */
export function createFigureSamples(): { feed: (reading: ServerReading) => FigureChange } {
  const last = new Map<string, number>()
  return { feed }

  function feed({ values, impossible: outside }: ServerReading): FigureChange {
    const samples: FigureSample[] = []
    const impossible: string[] = []
    for (const { figure, metric, kind } of FIGURES) {
      const value = values[figure]
      if (outside.includes(figure)) impossible.push(metric)
      else if (value !== undefined && kind === 'gauge') samples.push({ metric, value })
      else if (value !== undefined) {
        const before = last.get(metric) ?? value
        last.set(metric, value)
        if (value < before) impossible.push(metric)
        else samples.push({ metric, value: value - before })
      }
    }
    return { samples, impossible }
  }
}
