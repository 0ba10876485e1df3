import { randomSource } from '../random/index.ts'
import type { Columns } from './columns.ts'
import { figureOf } from './columns.ts'
import type { FigureDef } from './figures.ts'

/** Cells in a block: how finely the places where blocks begin are spaced. */
export const CELLS_A_BLOCK = 8
/** Fewer blocks say too little of how much they differ; more than these change nothing. */
const MIN_BLOCKS = 6
const MAX_BLOCKS = 400

/**
 * Into how many blocks a run is cut. The length of a block that makes a block bootstrap's variance
 * most accurate grows as c^(2/3) · T^(1/3) with the correlation time c and the run's length T (Hall,
 * Horowitz and Jing 1995, for the order in T); no shorter than c, and at least {@link MIN_BLOCKS}.
 * @param memoryMs correlation time c
 */
export function blockCount(windowMs: number, memoryMs: number): number {
  const lengthMs = Math.max(memoryMs, Math.cbrt(memoryMs * memoryMs * windowMs))
  if (!(lengthMs > 0)) return MAX_BLOCKS
  return Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, Math.floor(windowMs / lengthMs)))
}

/**
 * What a block bootstrap's standard error is too small by: it misses the mean's own variance, 1 in
 * `blocks`, and what reaches over the ends of blocks, which for an autocorrelation exp(-t / c) is
 * (c / L) (1 - exp(-L / c)) of the variance (Künsch 1989 gives it to the first order).
 */
export function blockBias(windowMs: number, memoryMs: number, blocks: number): number {
  const share = (memoryMs * blocks) / windowMs
  const missed = share === 0 ? 0 : share * (1 - Math.exp(-1 / share))
  return Math.sqrt(blocks / (blocks - 1) / (1 - missed))
}

/**
 * Circular block bootstrap over time: the window is put together anew from blocks of neighbouring
 * cells drawn with replacement.
 * @param paired draw the same blocks from both runs (same traffic): what the traffic does to both
 *   cancels out of the change
 * @returns for each figure the standard deviation of its change over the resamples, on its scale
 *   (log for ratios); undefined where there is no value
 */
export function bootstrapErrors(
  defs: readonly FigureDef[],
  before: Columns,
  after: Columns,
  options: { paired: boolean; resamples: number; seed: number },
): (number | undefined)[] {
  const source = randomSource(options.seed, 'bootstrap')
  const moments = defs.map(() => ({ n: 0, mean: 0, squares: 0 }))
  const timesBefore = new Int32Array(before.cellCount)
  const timesAfter = options.paired ? timesBefore : new Int32Array(after.cellCount)
  for (let i = 0; i < options.resamples; i++) {
    drawBlocks(timesBefore, source)
    if (!options.paired) drawBlocks(timesAfter, source)
    defs.forEach((def, k) => {
      const a = figureOf(def, before, timesBefore)
      const b = figureOf(def, after, timesAfter)
      const change = changeOf(def, a, b)
      if (change === undefined || !Number.isFinite(change)) return
      const m = moments[k] as { n: number; mean: number; squares: number }
      m.n++
      const delta = change - m.mean
      m.mean += delta / m.n
      m.squares += delta * (change - m.mean)
    })
  }
  return moments.map((m) =>
    m.n < options.resamples / 2 ? undefined : Math.sqrt(m.squares / (m.n - 1)),
  )
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
  if (before === undefined || after === undefined) return undefined
  if (def.scale === 'difference') return after - before
  return before > 0 && after > 0 ? Math.log(after / before) : undefined
}
