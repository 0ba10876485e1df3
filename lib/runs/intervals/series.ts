/** Values with the times and phases that they belong to. */
export interface Series {
  /**
   * @param phase its number
   * @param atMs from the start of the load
   * @param untilMs end of the time that the value is spread over; by default it has none
   */
  add(value: number, phase: number, atMs: number, untilMs?: number): void
  /** Those of a phase, or of all. */
  of(phase: number | undefined): Values
}

/** In the order in which they were added. */
export interface Values {
  readonly values: Float64Array
  readonly atMs: Float64Array
  readonly untilMs: Float64Array
  /** The number of each value's phase. */
  readonly phases: Uint8Array
}

/** What intervals are made of, by figure; each value with its time and the number of its phase. */
export interface Collected {
  readonly latencies: ReadonlyMap<string, Series>
  /** 1 for what failed, or was good, else 0. */
  readonly failed: Series
  readonly good: Series
  /** Prompt tokens, and those of them that were cached. */
  readonly input: Series
  readonly cached: Series
  /** Tokens received, spread from their first to their last; and at once when they were due. */
  readonly tokens: Series
  readonly asked: Series
}

/** A growing list of values, compact enough for every gap of a long run. */
export function createSeries(): Series {
  const [values, times, ends, phases]: [number[], number[], number[], number[]] = [[], [], [], []]
  return {
    add(value, phase, atMs, untilMs = atMs) {
      values.push(value)
      times.push(atMs)
      if (untilMs !== atMs || ends.length > 0) ends[values.length - 1] = untilMs
      phases.push(phase)
    },
    of(phase) {
      const chosen: number[] = []
      for (let i = 0; i < values.length; i++) {
        if (phase === undefined || phases[i] === phase) chosen.push(i)
      }
      return {
        values: Float64Array.from(chosen, (i) => values[i] as number),
        atMs: Float64Array.from(chosen, (i) => times[i] as number),
        untilMs: Float64Array.from(chosen, (i) => ends[i] ?? (times[i] as number)),
        phases: Uint8Array.from(chosen, (i) => phases[i] as number),
      }
    },
  }
}
