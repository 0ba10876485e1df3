import type { FigureDef } from '../runs/index.ts'
import type { ServiceModel } from './traffic/replay.ts'

/** How the uncertainty of the changes was found, in figures and in words. */
export interface Method {
  kind: 'paired repeats' | 'repeats' | 'block bootstrap' | 'none'
  /** Both sides saw the same requests at the same times. */
  paired: boolean
  /** Block length of the bootstrap. */
  blockMs: number | null
  blocks: number | null
  resamples: number | null
  /** Measured time of each side, ms; null where there are no records. */
  windowMs: number | null
  /** Whether changes were adjusted for the traffic, and by what, or why not. */
  adjustment: { adjusted: boolean; model: ServiceModel | null; text: string }
  /** Why findings are less certain than stated; [] when there is no reason. */
  warnings: string[]
  text: string
}

/** A figure's change on the scale it is tested on, and its uncertainty. */
export interface RawChange {
  def: FigureDef
  before: number | undefined
  after: number | undefined
  /** log(after / before), or after - before; undefined where one side has no value. */
  measured: number | undefined
  /** Where `adjusted`: the same without what the traffic did to it; else as measured. */
  change: number | undefined
  adjusted: boolean
  /** Share of the variance of `measured` that the traffic explains; 0 where not adjusted. */
  explained: number
  /** Standard error of `change` and its degrees of freedom; undefined where it cannot be estimated. */
  error: number | undefined
  df: number
}

export interface ChangeOptions {
  figures: readonly FigureDef[]
  resamples: number
  seed: number
}

export const NO_CHANGE: Omit<RawChange, 'def'> = {
  before: undefined,
  after: undefined,
  measured: undefined,
  change: undefined,
  adjusted: false,
  explained: 0,
  error: undefined,
  df: 0,
}

/** A method without blocks or adjustment. */
export const PLAIN_METHOD = {
  paired: false,
  blockMs: null,
  blocks: null,
  resamples: null,
  windowMs: null,
  warnings: [] as string[],
}
