import { randomSource } from '../../random/index.ts'
import type { Columns, FigureDef } from '../../runs/index.ts'
import { figureOf } from '../../runs/index.ts'

/** Cells per block: how finely the starts of blocks are spaced. */
export const CELLS_A_BLOCK = 8
/** Fewer blocks say too little about how much they differ; more than the maximum change nothing. */
const MIN_BLOCKS = 6
const MAX_BLOCKS = 400

/**
 * Number of blocks that a run is cut into. The block length that makes a block bootstrap's variance
 * most accurate grows as c^(2/3) · T^(1/3) with the correlation time c and the run's length T (Hall,
 * Horowitz and Jing 1995, for the order in T). Blocks are no shorter than c, and there are at least
 * {@link MIN_BLOCKS}.
 * @param windowMs length of the run T
 * @param memoryMs correlation time c
 */
export function blockCount(windowMs: number, memoryMs: number): number {
  const lengthMs = Math.max(memoryMs, Math.cbrt(memoryMs * memoryMs * windowMs))
  if (!(lengthMs > 0)) return MAX_BLOCKS
  return Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, Math.floor(windowMs / lengthMs)))
}

/**
 * Factor by which a block bootstrap's standard error is too small. It misses the mean's own variance,
 * 1 in `blocks`, and the correlation across the ends of blocks, which for an autocorrelation
 * exp(-t / c) is (c / L) (1 - exp(-L / c)) of the variance (Künsch 1989, to first order).
 */
export function blockBias(windowMs: number, memoryMs: number, blocks: number): number {
  const share = (memoryMs * blocks) / windowMs
  const missed = share === 0 ? 0 : share * (1 - Math.exp(-1 / share))
  return Math.sqrt(blocks / (blocks - 1) / (1 - missed))
}

/** How a figure varies over the resamples, alone and together with its control; on its scale. */
export interface Spread {
  variance: number
  /** Variance of the control, and its covariance with the figure; 0 without a control. */
  controlVariance: number
  covariance: number
}

/** A run as measured, and as a model of the server played it (its control). */
export interface Side {
  measured: Columns
  control: Columns | undefined
}

/**
 * Circular block bootstrap over time: each resample builds the window from blocks of neighbouring
 * cells drawn with replacement, and the control from the same blocks.
 * @param paired draw the same blocks from both runs (same traffic), so that what the traffic does to
 *   both cancels out of the change
 * @returns one entry per figure: where paired, one spread, that of the change; else one per side, whose
 *   sum is that of the change; undefined where there is no value
 */
export function bootstrapSpreads(
  defs: readonly FigureDef[],
  before: Side,
  after: Side,
  options: { paired: boolean; resamples: number; seed: number },
): (Spread[] | undefined)[] {
  const source = randomSource(options.seed, 'bootstrap')
  const moments = defs.map(() =>
    options.paired ? [createMoments()] : [createMoments(), createMoments()],
  )
  const timesBefore = new Int32Array(before.measured.cellCount)
  const timesAfter = options.paired ? timesBefore : new Int32Array(after.measured.cellCount)
  for (let i = 0; i < options.resamples; i++) {
    drawBlocks(timesBefore, source)
    if (!options.paired) drawBlocks(timesAfter, source)
    defs.forEach((def, k) => {
      const of = (columns: Columns | undefined, times: Int32Array) =>
        columns && scaled(def, figureOf(def, columns, times))
      const was = [of(before.measured, timesBefore), of(before.control, timesBefore)] as const
      const is = [of(after.measured, timesAfter), of(after.control, timesAfter)] as const
      const [first, second] = moments[k] as ReturnType<typeof createMoments>[]
      if (second === undefined) first?.add(minus(is[0], was[0]), minus(is[1], was[1]))
      else {
        first?.add(...was)
        second.add(...is)
      }
    })
  }
  return moments.map((sides) =>
    sides.some((m) => m.count() < options.resamples / 2) ? undefined : sides.map((m) => m.spread()),
  )
}

/** Running variances and covariance (Welford). */
function createMoments() {
  let n = 0
  let [meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0]
  return {
    add(x: number | undefined, y = 0) {
      if (x === undefined) return
      n++
      const [dx, dy] = [x - meanX, y - meanY]
      meanX += dx / n
      meanY += dy / n
      xx += dx * (x - meanX)
      yy += dy * (y - meanY)
      xy += dx * (y - meanY)
    },
    count: () => n,
    spread: (): Spread => ({
      variance: xx / (n - 1),
      controlVariance: yy / (n - 1),
      covariance: xy / (n - 1),
    }),
  }
}

function drawBlocks(times: Int32Array, source: () => number): void {
  times.fill(0)
  const cells = times.length
  for (let taken = 0; taken < cells; taken += CELLS_A_BLOCK) {
    const start = Math.floor(source() * cells)
    for (let j = 0; j < CELLS_A_BLOCK; j++) (times[(start + j) % cells] as number)++
  }
}

/** The change on the scale it is tested on: log(new / old), or new - old. */
export function changeOf(
  def: FigureDef,
  before: number | undefined,
  after: number | undefined,
): number | undefined {
  return minus(scaled(def, after), scaled(def, before))
}

/** A figure on the scale its changes are tested on; undefined where it has no value there (log of 0). */
function scaled(def: FigureDef, value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined
  if (def.scale === 'difference') return value
  return value > 0 ? Math.log(value) : undefined
}

function minus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b
}
