import { median, shuffle } from 'simple-statistics'
import { randomSource } from '../random/index.ts'
import { NONE, num, percent } from '../tables/index.ts'
import { figureDef, FIGURE_IDS, figureOfRun, intervalOfRun } from '../runs/index.ts'
import type { FigureDef, Run } from '../runs/index.ts'
import type { Interval } from '../results/index.ts'
import { holm } from '../statistics/index.ts'
import type { Shown } from '../tables/index.ts'
import { changeText, pText, valueText } from './show.ts'

/** A figure over many runs, in the order of their starts. */
export interface Trend {
  id: string
  title: string
  unit: FigureDef['unit']
  better: 'lower' | 'higher'
  scale: FigureDef['scale']
  values: (number | null)[]
  /** Interval of each value, at its run's own confidence; null where the run does not tell it. */
  low: (number | null)[]
  high: (number | null)[]
  /** Last value against the median of those before: relative, or as a difference for shares. */
  lastChange: number | null
  /** Where the figure most likely moved: index of the first run after the step, and the medians on both sides. */
  step: { at: number; before: number; after: number; change: number | null } | null
  /** p-value of the step, by Pettitt's test, after Holm's correction over all figures. */
  p: number | null
}

export interface TrendReport {
  format: 'k6-inference-trend'
  version: 1
  alpha: number
  runs: { name: string; startedAt: string | null }[]
  trends: Trend[]
}

/** Fewest runs in which a step is looked for. */
const LEAST_RUNS = 8

/** What a run contributes to trends: its name, start and figures, without its requests. */
export interface TrendRun {
  name: string
  startedAt: string | undefined
  values: Readonly<Record<string, number | undefined>>
  intervals?: Readonly<Record<string, Interval | undefined>> | undefined
}

/**
 * @param ids ids of the figures to keep
 * @throws RangeError for an unknown figure
 */
export function trendRun(run: Run, ids: readonly string[]): TrendRun {
  const values = ids.map((id) => [id, figureOfRun(defOf(id), run)] as const)
  const intervals = ids.map((id) => [id, intervalOfRun(defOf(id), run)] as const)
  const startedAt = run.report.run.startedAt ?? undefined
  return {
    name: run.name,
    startedAt,
    values: Object.fromEntries(values),
    intervals: Object.fromEntries(intervals),
  }
}

/**
 * Figures over runs, and whether any of them moved for good.
 * @param given the runs, in any order
 * @param ids ids of the figures
 * @param alpha probability of even one false step over all figures
 */
export function trendsOf(
  given: readonly TrendRun[],
  ids: readonly string[],
  alpha = 0.05,
): TrendReport {
  const runs = [...given].sort(
    (a, b) =>
      (a.startedAt ?? '').localeCompare(b.startedAt ?? '') ||
      a.name.localeCompare(b.name, 'en', { numeric: true }),
  )
  const found = ids.map((id) => {
    const def = defOf(id)
    const values = runs.map((run) => run.values[id] ?? null)
    const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]))
    return { def, values, known, step: pettitt(known.map(({ value }) => value)) }
  })
  const tested = found.flatMap(({ step }) => (step === undefined ? [] : [step.p]))
  const adjusted = holm(tested)
  let next = 0
  const trends = found.map(({ def, values, known, step }): Trend => {
    const p = step === undefined ? null : (adjusted[next++] as number)
    const earlier = known.slice(0, -1).map(({ value }) => value)
    const last = known[known.length - 1]?.value
    const parts = step && [known.slice(0, step.at), known.slice(step.at)]
    const medians = parts?.map((part) => median(part.map(({ value }) => value)))
    const [before, after] = [medians?.[0] as number, medians?.[1] as number]
    return {
      id: def.id,
      title: def.title,
      unit: def.unit,
      better: def.better,
      scale: def.scale,
      values,
      low: runs.map((run) => run.intervals?.[def.id]?.low ?? null),
      high: runs.map((run) => run.intervals?.[def.id]?.high ?? null),
      lastChange:
        last === undefined || earlier.length === 0 ? null : change(def, median(earlier), last),
      step:
        step === undefined || p === null || p > alpha
          ? null
          : {
              at: known[step.at]?.at as number,
              before,
              after,
              change: change(def, before, after),
            },
      p,
    }
  })
  return {
    format: 'k6-inference-trend',
    version: 1,
    alpha,
    runs: runs.map(({ name, startedAt }) => ({ name, startedAt: startedAt ?? null })),
    trends,
  }
}

function defOf(id: string): FigureDef {
  const def = figureDef(id)
  if (def === undefined) throw new RangeError(`there is no figure "${id}"; accepted: ${FIGURE_IDS}`)
  return def
}

function change(def: FigureDef, before: number, after: number): number | null {
  if (def.scale === 'difference') return after - before
  return before > 0 ? after / before - 1 : null
}

/** Random orders that the test draws: at 0.05 they give p to about a tenth of itself. */
const ORDERS = 2000

/**
 * Pettitt's test (1979) for one step in a series, by ranks: U(t) = 2 · (sum of the first t ranks)
 * - t (n + 1); the step is where |U| is largest. The p-value is the share of random orders of the same
 * values that reach at least this |U|: Pettitt's own formula is far too cautious for a few dozen runs.
 * @param values in order of time
 * @returns the index of the first value after the step; undefined with too few values
 */
export function pettitt(values: readonly number[]): { at: number; p: number } | undefined {
  const n = values.length
  if (n < LEAST_RUNS) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  // Equal values share the mean of their ranks, so that their order does not matter.
  const ranks = values.map((v) => (sorted.indexOf(v) + sorted.lastIndexOf(v)) / 2 + 1)
  const found = largest(ranks)
  const random = randomSource(1, 'pettitt')
  let asLarge = 0
  for (let i = 0; i < ORDERS; i++) {
    const order = shuffle(ranks, random)
    if (largest(order).u >= found.u - 1e-9) asLarge++
  }
  return { at: found.at, p: (asLarge + 1) / (ORDERS + 1) }
}

function largest(ranks: readonly number[]): { at: number; u: number } {
  let sum = 0
  let u = -1
  let at = 1
  for (let t = 1; t < ranks.length; t++) {
    sum += ranks[t - 1] as number
    const size = Math.abs(2 * sum - t * (ranks.length + 1))
    if (size > u) {
      u = size
      at = t
    }
  }
  return { at, u }
}

const BARS = '▁▂▃▄▅▆▇█'

/** A line of bars, one per value; with more than `most` values, means of neighbours. */
export function sparkline(values: readonly (number | null)[], most = 40): string {
  const size = Math.max(1, Math.ceil(values.length / most))
  const means: (number | null)[] = []
  for (let i = 0; i < values.length; i += size) {
    const known = values.slice(i, i + size).filter((v): v is number => v !== null)
    means.push(known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length)
  }
  const known = means.filter((v): v is number => v !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return means
    .map((v) => {
      if (v === null) return ' '
      const part = high === low ? 0 : (v - low) / (high - low)
      return BARS[Math.min(BARS.length - 1, Math.floor(part * BARS.length))]
    })
    .join('')
}

/** The trends as a table with sparklines. */
export function trendShown(report: TrendReport): Shown {
  const { runs, trends } = report
  const tone = (t: Trend): 'good' | 'bad' | '' => {
    if (t.step === null) return ''
    return t.step.after > t.step.before === (t.better === 'higher') ? 'good' : 'bad'
  }
  const day = (at: number) => runs[at]?.startedAt?.slice(0, 10) ?? runs[at]?.name ?? ''
  return {
    title: `Trends over ${runs.length} runs${runs.length > 0 ? `, ${day(0)} to ${day(runs.length - 1)}` : ''}`,
    status: 'none',
    facts: [],
    heading: ['', 'first', 'last', 'last against median', 'trend', 'p (Holm)', 'step'],
    rows: trends.map((t) => [
      t.title,
      valueText(t, t.values.find((v) => v !== null) ?? null),
      valueText(t, t.values.filter((v) => v !== null).pop() ?? null),
      changeText(t, t.lastChange),
      sparkline(t.values),
      pText(t.p),
      t.step === null
        ? NONE
        : `${changeText(t, t.step.change)} from ${runs[t.step.at]?.name ?? ''} on`,
    ]),
    tones: trends.map(tone),
    notes: [
      `A step is where a figure most likely moved for good, by Pettitt's test over at least ${LEAST_RUNS} runs, at ${percent(report.alpha)} over all ${num(trends.length).replace(/\.0+$/, '')} figures together (Holm). Runs are in the order of their starts; that they are alike is not checked here.`,
    ],
  }
}
