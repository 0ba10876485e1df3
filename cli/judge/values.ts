import { DEFAULT_SCALE, defaultPass } from '../../lib/judge/index.ts'
import type { Scale } from '../../lib/judge/index.ts'

/** A number between two others. @param problems gets a line where it is none */
export function numberOf(
  option: string,
  given: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
  problems: string[],
): number | undefined {
  const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
  const kind = whole ? 'a whole number' : 'a number'
  problems.push(`--${option} ${given}: accepted: ${kind} from ${least} to ${most}`)
  return undefined
}

const WIDEST = 100

/** A scale such as `1-5`. */
export function scaleOf(given: string | undefined, problems: string[]): Scale {
  if (given === undefined) return DEFAULT_SCALE
  const [, from, to] = /^(\d+)-(\d+)$/.exec(given) ?? []
  const scale = { from: Number(from), to: Number(to) }
  if (scale.from < scale.to && scale.to <= WIDEST) return scale
  problems.push(
    `--scale ${given}: accepted: two whole numbers up to ${WIDEST}, the smaller first, such as 1-5`,
  )
  return DEFAULT_SCALE
}

/** The smallest rating that passes. */
export function passOf(given: string | undefined, scale: Scale, problems: string[]): number {
  if (given === undefined) return defaultPass(scale)
  const pass = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN
  if (pass > scale.from && pass <= scale.to) return pass
  problems.push(`--pass ${given}: accepted: a rating above ${scale.from} up to ${scale.to}`)
  return defaultPass(scale)
}
