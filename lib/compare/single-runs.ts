import { adjustedChange } from './statistics/adjust.ts'
import {
  blockBias,
  blockCount,
  bootstrapSpreads,
  CELLS_A_BLOCK,
  changeOf,
} from './statistics/bootstrap.ts'
import { columnsOf, figureOf, figureOfRun } from '../runs/index.ts'
import type { Columns, Counter, FigureDef, Run } from '../runs/index.ts'
import { correlationMs } from './statistics/correlation.ts'
import type { ChangeOptions, Method, RawChange } from './raw-change.ts'
import { sameTraffic } from './traffic/same-traffic.ts'
import { trafficModel } from './traffic/model.ts'

/** The change between one run per side, from their requests. */
export function fromRecords(
  a: Run,
  b: Run,
  options: ChangeOptions,
): { method: Method; changes: RawChange[] } {
  const paired = sameTraffic(a, b)
  const memoryMs = Math.max(
    correlationMs(a, undefined),
    correlationMs(b, undefined),
    paired ? correlationMs(a, b) : 0,
  )
  const windowMs = Math.min(a.window.lengthMs, b.window.lengthMs)
  const blocks = blockCount(windowMs, memoryMs)
  const bias = blockBias(windowMs, memoryMs, blocks)
  const traffic = paired ? SAME_TRAFFIC : trafficModel(a, b)
  const model = typeof traffic === 'string' ? undefined : traffic
  const cells = (run: Pick<Run, 'requests' | 'window'>) => columnsOf(run, blocks * CELLS_A_BLOCK)
  const left = { measured: cells(a), control: model && cells(model.before) }
  const right = { measured: cells(b), control: model && cells(model.after) }
  const spreads = bootstrapSpreads(options.figures, left, right, { ...options, paired })
  // Overlapping blocks tell about 1.5 times as much about their variance as blocks side by side
  // (Meketon and Schmeiser 1984), and a run yields at most one independent value per two correlation times.
  const df = Math.max(1, Math.min(1.5 * (blocks - 1), windowMs / (2 * memoryMs)))
  const changes = options.figures.map((def, i): RawChange => {
    const [before, after] = [figureOfRun(def, a), figureOfRun(def, b)]
    const measured = changeOf(def, before, after)
    const tooLittle = tooFew(def, left.measured) || tooFew(def, right.measured)
    const spread = tooLittle ? undefined : spreads[i]
    const base = { def, before, after, measured }
    if (spread === undefined || measured === undefined)
      return { ...base, change: measured, adjusted: false, explained: 0, error: undefined, df }
    const control =
      left.control &&
      right.control &&
      changeOf(def, figureOf(def, left.control), figureOf(def, right.control))
    const found = adjustedChange(measured, control, spread, df)
    const error = Math.max(found.error * bias, shareError(def, left.measured, right.measured))
    return { ...base, ...found, error }
  })
  const blockMs = a.window.lengthMs / blocks
  const drawn = paired
    ? 'the same requests at the same times on both sides, so both are drawn together'
    : 'different requests on each side, so each is drawn by itself'
  const text = `circular block bootstrap over time, ${options.resamples} resamples, ${blocks} blocks of ${(blockMs / 1000).toFixed(1)} s, seed ${options.seed}; ${drawn}; Student's t with ${df.toFixed(1)} degrees of freedom. One run per side: what differs from run to run (restarts, clocks, neighbours) is not in the intervals`
  return {
    method: {
      kind: 'block bootstrap',
      paired,
      blockMs,
      blocks,
      resamples: options.resamples,
      windowMs,
      adjustment: {
        adjusted: changes.some((change) => change.adjusted),
        model: model?.model ?? null,
        text: typeof traffic === 'string' ? traffic : traffic.text,
      },
      warnings: memoryMs > windowMs / SHORT ? [shortText(memoryMs)] : [],
      text,
    },
    changes,
  }
}

const SAME_TRAFFIC = 'both sides got the same requests at the same times, which cancels out'
/** A run shorter than this many correlation times is reported as short. */
const SHORT = 12

function shortText(memoryMs: number): string {
  return `the server remembers ${(memoryMs / 1000).toFixed(1)} s (near saturation), and these runs are short for that: use longer ones or repeats`
}

/** A percentile needs this many values beyond it, or its resamples repeat the same few values. */
const BEYOND_QUANTILE = 5

function tooFew(def: FigureDef, columns: Columns): boolean {
  if (def.quantity.kind !== 'quantile') return false
  const { p, timing } = def.quantity
  return columns.timing(timing).values.length * Math.min(p, 1 - p) < BEYOND_QUANTILE
}

/**
 * Smallest standard error of a share's change: that of independent requests, with one request added to
 * each outcome, because a run without a failure does not prove that none can happen. 0 for other figures.
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
