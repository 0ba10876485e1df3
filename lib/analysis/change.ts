import { mean, sampleVariance } from 'simple-statistics'
import { trafficModel } from './adjust.ts'
import { blockBias, blockCount, bootstrapSpreads, CELLS_A_BLOCK, changeOf } from './bootstrap.ts'
import type { Spread } from './bootstrap.ts'
import { correlationMs } from './correlation.ts'
import type { Columns } from './columns.ts'
import { columnsOf, figureOf } from './columns.ts'
import type { Counter, FigureDef } from './figures.ts'
import { sameTraffic } from './traffic.ts'
import type { RunData } from './types.ts'

/** How the uncertainty of the changes was found, in figures and in words. */
export interface Method {
  kind: 'paired repeats' | 'repeats' | 'block bootstrap' | 'none'
  /** Both sides saw the same requests at the same times. */
  paired: boolean
  /** Of the block bootstrap. */
  blockMs: number | null
  blocks: number | null
  resamples: number | null
  text: string
}

/** A figure's change on the scale it is tested on, and how sure it is. */
export interface RawChange {
  def: FigureDef
  before: number | undefined
  after: number | undefined
  /** log(after / before), or after - before; undefined where one has no value. */
  change: number | undefined
  /** The same without adjustment, and whether there was one. */
  measured: number | undefined
  adjusted: boolean
  /** Standard error of `change` and its degrees of freedom; undefined: nothing tells. */
  error: number | undefined
  df: number
}

export interface ChangeOptions {
  figures: readonly FigureDef[]
  resamples: number
  seed: number
}

/** The change of each figure between two sides of one or more runs each. */
export function changesOf(
  before: readonly RunData[],
  after: readonly RunData[],
  options: ChangeOptions,
): { method: Method; changes: RawChange[] } {
  if (before.length + after.length > 2) return fromRepeats(before, after, options.figures)
  const [a, b] = [before[0] as RunData, after[0] as RunData]
  if (a.requests !== undefined && b.requests !== undefined) return fromRecords(a, b, options)
  const changes = options.figures.map((def): RawChange => {
    const values = [figureOfRun(def, a), figureOfRun(def, b)] as const
    const [was, is] = values
    const change = changeOf(def, was, is)
    return { ...NO_VALUE, def, before: was, after: is, change, measured: change }
  })
  const text =
    'one run a side without request records: the change is shown, how sure it is is not known (give records or repeats)'
  return {
    method: { kind: 'none', paired: false, blockMs: null, blocks: null, resamples: null, text },
    changes,
  }
}

/** A figure of a run: from its records where there are any, else as its results give it. */
export function figureOfRun(def: FigureDef, run: RunData): number | undefined {
  if (run.requests !== undefined) return figureOf(def, columnsOf(run, 1))
  return run.figures[def.id] ?? undefined
}

function fromRecords(a: RunData, b: RunData, options: ChangeOptions) {
  const paired = sameTraffic(a, b)
  const memoryMs = Math.max(
    correlationMs(a, undefined),
    correlationMs(b, undefined),
    paired ? correlationMs(a, b) : 0,
  )
  const windowMs = Math.min(a.toMs - a.fromMs, b.toMs - b.fromMs)
  const blocks = blockCount(windowMs, memoryMs)
  const bias = blockBias(windowMs, memoryMs, blocks)
  const traffic = paired ? SAME_TRAFFIC : trafficModel(a, b)
  const played = typeof traffic === 'string' ? undefined : traffic
  const cells = (run: RunData) => columnsOf(run, blocks * CELLS_A_BLOCK)
  const left = { measured: cells(a), control: played && cells(played.before) }
  const right = { measured: cells(b), control: played && cells(played.after) }
  const spreads = bootstrapSpreads(options.figures, left, right, { ...options, paired })
  // Overlapping blocks tell about 1.5 times as much of their variance as blocks side by side
  // (Meketon and Schmeiser 1984), and a run no more than one thing every two correlation times.
  // Two independent runs would tell twice as much, but the busier one often tells most of it.
  const df = Math.max(1, Math.min(1.5 * (blocks - 1), windowMs / (2 * memoryMs)))
  const changes = options.figures.map((def, i): RawChange => {
    const values = [figureOf(def, left.measured), figureOf(def, right.measured)] as const
    const [was, is] = values
    const measured = changeOf(def, was, is)
    const tooLittle = tooFew(def, left.measured) || tooFew(def, right.measured)
    const spread = tooLittle ? undefined : spreads[i]
    const base = { def, before: was, after: is, measured }
    if (spread === undefined || measured === undefined)
      return { ...base, change: measured, error: undefined, df, adjusted: false }
    const control =
      played &&
      changeOf(def, figureOf(def, left.control as Columns), figureOf(def, right.control as Columns))
    const found = adjust(measured, control, spread, df)
    const error = Math.max(found.error * bias, shareError(def, left.measured, right.measured))
    return { ...base, ...found, error }
  })
  const blockMs = (a.toMs - a.fromMs) / blocks
  const drawn = paired
    ? 'the same requests at the same times on both sides, so both are drawn together'
    : 'different requests on each side, so each is drawn by itself'
  const memory =
    memoryMs > windowMs / SHORT
      ? `the server remembers ${(memoryMs / 1000).toFixed(1)} s (near saturation), for which these runs are short: take longer ones or repeats; `
      : ''
  const text = `circular block bootstrap over time, ${options.resamples} resamples, ${blocks} blocks of ${(blockMs / 1000).toFixed(1)} s, seed ${options.seed}; ${drawn}; ${memory}Student's t with ${df.toFixed(1)} degrees of freedom. One run a side: what differs from run to run (restarts, clocks, neighbours) is not in the intervals`
  return {
    method: {
      kind: 'block bootstrap' as const,
      paired,
      blockMs,
      blocks,
      resamples: options.resamples,
      text,
    },
    changes,
  }
}

const SAME_TRAFFIC = 'the traffic is the same on both sides, and cancels out'

/**
 * Takes out of a change what the traffic did to it (control variates, Lavenberg and Welch 1981; CUPED,
 * Deng et al. 2013): the change that a model of the server has for the same figure, times the slope
 * that takes most of the variance away. The control's own change is 0 in the mean, as both sides are
 * asked for the same, so nothing is taken from what the server did.
 * @param df of the variances: one goes into the slope, which is also the less sure the further the
 *   control's change is from 0
 */
function adjust(change: number, control: number | undefined, spread: Spread, df: number) {
  const { variance, controlVariance, covariance } = spread
  if (control === undefined || !(controlVariance > 1e-12) || df < 3)
    return { change, error: Math.sqrt(variance), df, adjusted: false }
  const slope = covariance / controlVariance
  const left = Math.max(0, variance - slope * covariance)
  const unsure = (df / (df - 1)) * (1 + (control * control) / controlVariance / df)
  return {
    change: change - slope * control,
    error: Math.sqrt(left * unsure),
    df: df - 1,
    adjusted: true,
  }
}

/** A run that is not so many times as long as what it remembers says that it is short. */
const SHORT = 12

/** A percentile needs some values beyond it, or its resamples are a few values over and over. */
const BEYOND_QUANTILE = 5

function tooFew(def: FigureDef, columns: Columns): boolean {
  if (def.quantity.kind !== 'quantile') return false
  const { p, timing } = def.quantity
  return columns.timing(timing).values.length * Math.min(p, 1 - p) < BEYOND_QUANTILE
}

/**
 * The least a share's change can be uncertain: that of independent requests, with one request added
 * to each outcome, as no failure in a run does not mean that none can happen. 0 for other figures.
 */
function shareError(def: FigureDef, a: Columns, b: Columns): number {
  if (def.quantity.kind !== 'share' || def.quantity.counter === 'cached') return 0
  const { counter, among } = def.quantity
  const total = (columns: Columns, name: Counter) =>
    columns.counter(name).reduce((sum, n) => sum + n, 0)
  const [nA, nB] = [total(a, among), total(b, among)]
  if (nA === 0 || nB === 0) return 0
  const p = (total(a, counter) + total(b, counter) + 1) / (nA + nB + 2)
  return Math.sqrt(p * (1 - p) * (1 / nA + 1 / nB))
}

function fromRepeats(
  before: readonly RunData[],
  after: readonly RunData[],
  figures: readonly FigureDef[],
): { method: Method; changes: RawChange[] } {
  const seeds = (runs: readonly RunData[]) => runs.map((run) => run.conditions.seed)
  const [seedsA, seedsB] = [seeds(before), seeds(after)]
  const paired =
    before.length === after.length &&
    seedsA.every((seed, i) => seed !== undefined && seed === seedsB[i]) &&
    new Set(seedsA).size === seedsA.length
  const changes = figures.map((def): RawChange => {
    const values = (runs: readonly RunData[]) => runs.map((run) => figureOfRun(def, run))
    return { def, ...(paired ? pairedT : welch)(def, values(before), values(after)) }
  })
  const runs = `${before.length} and ${after.length} runs`
  const text = paired
    ? `${runs}, compared in pairs of one seed: Student's t of the changes`
    : `${runs}: Welch's t of the runs' figures${Math.min(before.length, after.length) === 1 ? ' (one run on a side: its variance is taken to be that of the other side)' : ''}`
  return {
    method: {
      kind: paired ? 'paired repeats' : 'repeats',
      paired,
      blockMs: null,
      blocks: null,
      resamples: null,
      text,
    },
    changes,
  }
}

type Part = Omit<RawChange, 'def'>
type Values = readonly (number | undefined)[]
const NO_VALUE: Part = {
  before: undefined,
  after: undefined,
  change: undefined,
  measured: undefined,
  adjusted: false,
  error: undefined,
  df: 0,
}

/** Middle of a side's runs: on the log scale, back in the figure's unit. */
function middle(def: FigureDef, values: readonly number[]): number {
  return def.scale === 'ratio' ? Math.exp(mean(values.map(Math.log))) : mean(values)
}

function usable(def: FigureDef, values: Values): number[] | undefined {
  const known = values.filter((v): v is number => v !== undefined && Number.isFinite(v))
  if (known.length < values.length || known.length === 0) return undefined
  return def.scale === 'ratio' && known.some((v) => v <= 0) ? undefined : known
}

function pairedT(def: FigureDef, before: Values, after: Values): Part {
  const [a, b] = [usable(def, before), usable(def, after)]
  if (a === undefined || b === undefined) return NO_VALUE
  const diffs = a.map((was, i) => changeOf(def, was, b[i]) as number)
  const n = diffs.length
  const change = mean(diffs)
  return {
    ...NO_VALUE,
    before: middle(def, a),
    after: middle(def, b),
    change,
    measured: change,
    error: Math.sqrt(sampleVariance(diffs) / n),
    df: n - 1,
  }
}

function welch(def: FigureDef, before: Values, after: Values): Part {
  const [a, b] = [usable(def, before), usable(def, after)]
  if (a === undefined || b === undefined) return NO_VALUE
  const scaled = (values: number[]) => (def.scale === 'ratio' ? values.map(Math.log) : values)
  const [x, y] = [scaled(a), scaled(b)]
  const change = mean(y) - mean(x)
  const part = {
    ...NO_VALUE,
    before: middle(def, a),
    after: middle(def, b),
    change,
    measured: change,
  }
  if (x.length === 1 || y.length === 1) {
    const many = x.length > 1 ? x : y
    const error = Math.sqrt(sampleVariance(many) * (1 + 1 / many.length))
    return { ...part, error, df: many.length - 1 }
  }
  const [vx, vy] = [sampleVariance(x) / x.length, sampleVariance(y) / y.length]
  const both = vx + vy
  const df =
    both === 0 ? 1 : (both * both) / ((vx * vx) / (x.length - 1) + (vy * vy) / (y.length - 1))
  return { ...part, error: Math.sqrt(both), df }
}
