import { figureOfRun } from '../runs/index.ts'
import { mean, sampleVariance } from 'simple-statistics'
import { changeOf } from './statistics/bootstrap.ts'
import { NO_CHANGE, PLAIN_METHOD } from './raw-change.ts'
import type { Method, RawChange } from './raw-change.ts'
import type { FigureDef, Run } from '../runs/index.ts'
import { askedApart } from './traffic/same-traffic.ts'

/** The change between two sides, at least one of which has more than one run. */
export function fromRepeats(
  before: readonly Run[],
  after: readonly Run[],
  figures: readonly FigureDef[],
): { method: Method; changes: RawChange[] } {
  const seeds = (runs: readonly Run[]) => runs.map((run) => run.conditions.seed)
  const [seedsA, seedsB] = [seeds(before), seeds(after)]
  const paired =
    before.length === after.length &&
    seedsA.every((seed, i) => seed !== undefined && seed === seedsB[i]) &&
    new Set(seedsA).size === seedsA.length &&
    before.every((run, i) => askedApart(run, after[i] as Run)?.length === 0)
  const changes = figures.map((def): RawChange => {
    const values = (runs: readonly Run[]) => runs.map((run) => figureOfRun(def, run))
    return { def, ...(paired ? pairedT : welch)(def, values(before), values(after)) }
  })
  const runs = `${before.length} and ${after.length} runs`
  const text = paired
    ? `${runs}, compared in pairs of one seed: Student's t of the changes`
    : `${runs}: Welch's t of the runs' figures${Math.min(before.length, after.length) === 1 ? ' (one run on a side: its variance is taken to be that of the other side)' : ''}`
  return {
    method: {
      ...PLAIN_METHOD,
      kind: paired ? 'paired repeats' : 'repeats',
      paired,
      adjustment: {
        adjusted: false,
        model: null,
        text: 'repeats are judged by their own variance',
      },
      text,
    },
    changes,
  }
}

type Part = Omit<RawChange, 'def'>
type Values = readonly (number | undefined)[]

/** Mean of runs: taken on the figure's scale, given in its unit. */
export function middle(def: FigureDef, values: number[]): number {
  const found = mean(scaled(def, values))
  return def.scale === 'ratio' ? Math.exp(found) : found
}

/** Values on the scale on which runs are compared: as they are, or their logarithms. */
export function scaled({ scale }: FigureDef, values: number[]): number[] {
  return scale === 'ratio' ? values.map(Math.log) : values
}

/** The values, where all runs have one that the figure's scale can take. */
export function usable(def: FigureDef, values: Values): number[] | undefined {
  const known = values.filter((v): v is number => v !== undefined && Number.isFinite(v))
  if (known.length < values.length || known.length === 0) return undefined
  return def.scale === 'ratio' && known.some((v) => v <= 0) ? undefined : known
}

function pairedT(def: FigureDef, before: Values, after: Values): Part {
  const [a, b] = [usable(def, before), usable(def, after)]
  if (a === undefined || b === undefined) return NO_CHANGE
  const diffs = a.map((was, i) => changeOf(def, was, b[i]) as number)
  const n = diffs.length
  const change = mean(diffs)
  return {
    ...NO_CHANGE,
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
  if (a === undefined || b === undefined) return NO_CHANGE
  const [x, y] = [scaled(def, a), scaled(def, b)]
  const change = mean(y) - mean(x)
  const part = {
    ...NO_CHANGE,
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
