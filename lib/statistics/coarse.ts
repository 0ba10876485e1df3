/** Logarithm of the ratio of two steps of {@link coarse}: 10 %. */
const STEP = 0.1

/** Bounds of what {@link coarse} makes of values, as factors: half a step to either side. */
export const COARSE_FACTORS = { low: Math.exp(-STEP / 2), high: Math.exp(STEP / 2) } as const

/**
 * Values in steps of 10 %, one of them around the centre. Latencies of an idle server differ by a few per cent, and
 * what moves them is the machine's own slow noise: its memory is as long as the run, so that their order tells
 * nothing, while all of them say the same. Steps are a monotonous function of the values, so that an interval of
 * a quantile in steps, wider by half a step on either side, is one of the quantile.
 * @param values 0 or more
 * @param centre more than 0
 */
export function coarse(values: ArrayLike<number>, centre: number): Float64Array {
  return Float64Array.from(values, (value) => {
    const step = Math.round(Math.log(value / centre) / STEP)
    return centre * Math.exp(step * STEP)
  })
}
