import { changesOf } from './change.ts'
import type { Method, RawChange } from './raw-change.ts'
import { defaultFigures, figureDef, FIGURE_IDS } from '../runs/index.ts'
import type { FigureDef, Run } from '../runs/index.ts'
import { differences } from './guard.ts'
import type { Difference } from './guard.ts'
import { holm, studentEstimate, studentP } from '../statistics/index.ts'
import { detectable, timesAsMuch } from './statistics/power.ts'

export type Verdict = 'better' | 'worse' | 'not proven' | 'no value'

export interface CompareOptions {
  /** Ids of the figures compared. */
  figures?: readonly string[] | undefined
  /** Probability of even one false finding among everything compared. */
  alpha?: number | undefined
  /** Smallest change that counts as a finding: relative, for ratios. */
  minEffect?: number | undefined
  /** The same for shares, in their own unit (0.01 = one percentage point). */
  minShareEffect?: number | undefined
  resamples?: number | undefined
  seed?: number | undefined
  /** Kinds of differences that are intended: they are reported, but do not block the comparison. */
  allow?: readonly string[] | undefined
}

/**
 * How one figure changed: after / before - 1, or after - before for shares. Where `adjusted`, the
 * fields `change`, interval, p and verdict exclude what the traffic did to the figure.
 */
export interface FigureChange {
  id: string
  title: string
  unit: FigureDef['unit']
  better: 'lower' | 'higher'
  scale: FigureDef['scale']
  before: number | null
  after: number | null
  /** From `before` to `after`, as measured. */
  measuredChange: number | null
  /** The change that is judged: at equal traffic where `adjusted`, else as measured. */
  change: number | null
  adjusted: boolean
  /** Share of the variance of the measured change that the traffic explains; 0 where not adjusted. */
  explained: number
  /** Interval of this figure alone, at confidence 1 - alpha. */
  low: number | null
  high: number | null
  /** p-value of this figure alone, and after Holm's correction over everything compared. */
  p: number | null
  adjustedP: number | null
  /** Standard error of log(1 + change), for shares of `change`; with its degrees of freedom. */
  standardError: number | null
  df: number | null
  /** The smallest change that a comparison like this one finds in 9 of 10 cases. */
  detectable: number | null
  /** Factor on the measured time that would bring `detectable` down to 5 % (not for shares). */
  timesFor5Percent: number | null
  verdict: Verdict
  /** The whole interval lies within the smallest change that matters. */
  unchanged: boolean
}

export interface Comparison {
  format: 'k6-inference-comparison'
  version: 1
  before: string[]
  after: string[]
  alpha: number
  minEffect: number
  minShareEffect: number
  /** Number of tests that shared alpha, over all comparisons made together. */
  tests: number
  method: Method
  verdict: 'better' | 'worse' | 'mixed' | 'not proven' | 'not comparable'
  differences: Difference[]
  figures: FigureChange[]
}

/** The change for which the report says how long one would have to measure. */
const FIVE_PERCENT = 0.05

export const COMPARE_DEFAULTS = {
  alpha: 0.05,
  minEffect: 0.02,
  minShareEffect: 0.01,
  resamples: 1000,
  seed: 1,
} as const

/**
 * Compares one side (a run, or repeats of it) with one or more others.
 *
 * The change of each figure is tested on its own scale, and Holm's correction keeps all tests together
 * to `alpha`. A verdict other than `not proven` also needs a change of at least `minEffect`.
 * @param before the runs of one side, at least one
 * @param others the other sides, each with at least one run
 * @returns one comparison per other side, in their order
 * @throws RangeError that names every problem of the options
 */
export function compareRuns(
  before: readonly Run[],
  others: readonly (readonly Run[])[],
  options: CompareOptions = {},
): Comparison[] {
  const figures = options.figures ?? defaultFigures([...before, ...others.flat()])
  const settings = complete({ ...options, figures })
  const raw = others.map((after) => changesOf(before, after, settings))
  const tests = raw.flatMap(({ changes }) => changes.map(pOf))
  const made = tests.filter((p) => p !== undefined)
  const adjusted = holm(made)
  let next = 0
  const adjustedOf = tests.map((p) => (p === undefined ? undefined : adjusted[next++]))
  return raw.map(({ method, changes }, k): Comparison => {
    const after = others[k] as readonly Run[]
    const found = differences(before, after, settings.allow)
    const stops = found.some((d) => d.kind !== 'told')
    const figures = changes.map((change, i) =>
      figureChange(change, adjustedOf[k * changes.length + i], made.length, settings),
    )
    const has = (verdict: Verdict) => figures.some((f) => f.verdict === verdict)
    const both = has('better') && has('worse')
    const verdict = both
      ? 'mixed'
      : has('worse')
        ? 'worse'
        : has('better')
          ? 'better'
          : 'not proven'
    return {
      format: 'k6-inference-comparison',
      version: 1,
      before: before.map((run) => run.name),
      after: after.map((run) => run.name),
      alpha: settings.alpha,
      minEffect: settings.minEffect,
      minShareEffect: settings.minShareEffect,
      tests: made.length,
      method,
      verdict: stops ? 'not comparable' : verdict,
      differences: found,
      figures,
    }
  })
}

type Settings = ReturnType<typeof complete>

function complete(options: CompareOptions & { figures: readonly string[] }) {
  const problems: string[] = []
  const figures = options.figures.flatMap((id) => {
    const def = figureDef(id)
    if (def === undefined) problems.push(`there is no figure "${id}"; accepted: ${FIGURE_IDS}`)
    return def ?? []
  })
  const settings = {
    figures: figures.filter((def, i) => figures.findIndex((d) => d.id === def.id) === i),
    alpha: options.alpha ?? COMPARE_DEFAULTS.alpha,
    minEffect: options.minEffect ?? COMPARE_DEFAULTS.minEffect,
    minShareEffect: options.minShareEffect ?? COMPARE_DEFAULTS.minShareEffect,
    resamples: options.resamples ?? COMPARE_DEFAULTS.resamples,
    seed: options.seed ?? COMPARE_DEFAULTS.seed,
    allow: options.allow ?? [],
  }
  const { alpha, resamples } = settings
  if (!(alpha > 0 && alpha < 0.5))
    problems.push(`alpha is ${alpha}; above 0 and below 0.5 is accepted`)
  for (const name of ['minEffect', 'minShareEffect'] as const)
    if (!(settings[name] >= 0 && settings[name] < 1))
      problems.push(`${name} is ${settings[name]}; from 0 to below 1 is accepted`)
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > 100_000)
    problems.push(`resamples is ${resamples}; a whole number from 100 to 100000 is accepted`)
  if (options.figures.length === 0)
    problems.push('no figure is asked for; at least one is accepted')
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  return settings
}

function pOf({ change, error, df }: RawChange): number | undefined {
  if (change === undefined || error === undefined) return undefined
  if (error === 0) return change === 0 ? 1 : 0
  return studentP(change / error, df)
}

function figureChange(
  raw: RawChange,
  adjustedP: number | undefined,
  tests: number,
  { alpha, minEffect, minShareEffect }: Settings,
): FigureChange {
  const { def, change, error } = raw
  const shown = (value: number) => (def.scale === 'ratio' ? Math.exp(value) - 1 : value)
  const least = def.scale === 'ratio' ? minEffect : minShareEffect
  const estimate = studentEstimate(change, error, raw.df, 1, 1 - alpha)
  const [low = null, high = null] = [estimate.low, estimate.high].map((end) =>
    end === undefined ? null : shown(end),
  )
  const precision = error === undefined ? undefined : { scale: def.scale, error, df: raw.df }
  const times =
    precision && def.scale === 'ratio' && timesAsMuch(precision, alpha / tests, least, FIVE_PERCENT)
  const effect = change === undefined ? null : shown(change)
  const found =
    effect !== null && adjustedP !== undefined && adjustedP <= alpha && Math.abs(effect) >= least
  return {
    id: def.id,
    title: def.title,
    unit: def.unit,
    better: def.better,
    scale: def.scale,
    before: raw.before ?? null,
    after: raw.after ?? null,
    measuredChange: raw.measured === undefined ? null : shown(raw.measured),
    change: effect,
    adjusted: raw.adjusted,
    explained: raw.explained,
    low,
    high,
    p: pOf(raw) ?? null,
    adjustedP: adjustedP ?? null,
    standardError: error ?? null,
    df: error === undefined ? null : raw.df,
    detectable: precision ? detectable(precision, alpha / tests, least) : null,
    timesFor5Percent: times || null,
    verdict: found
      ? effect > 0 === (def.better === 'higher')
        ? 'better'
        : 'worse'
      : effect === null
        ? 'no value'
        : 'not proven',
    unchanged: low !== null && high !== null && low > -least && high < least,
  }
}
