import { toNumber } from './numbers.ts'
import { refusal, value, type Read } from './outcome.ts'

/** A length in tokens, as a distribution to draw from. */
export type LengthSpec =
  | { kind: 'constant'; value: number }
  | { kind: 'uniform'; min: number; max: number }
  | { kind: 'normal'; mean: number; sd: number; min: number; max: number }
  | { kind: 'lognormal'; median: number; sigma: number; min: number; max: number }
  | { kind: 'empirical'; values: readonly number[]; weights: readonly number[] }

/** No model reads more; a typo with one zero too many should not fill the memory. */
const longest = 10_000_000

const count = (n: number) => Number.isInteger(n) && n >= 1 && n <= longest

/**
 * Reads a length in tokens: `512`, `uniform(100,900)`, `normal(mean,sd[,min,max])`,
 * `lognormal(median,sigma[,min,max])` or a table `length:weight,length:weight`.
 *
 * Distributions without bounds get 1 and four standard deviations above the middle (of the logarithm
 * for the log-normal), so that one draw in 30,000 does not overrun a model's context.
 */
export function readLengths(text: string): Read<LengthSpec> {
  const compact = text.replace(/\s+/g, '').toLowerCase()
  const call = /^([a-z]+)\(([^()]*)\)$/.exec(compact)
  if (call) return readDistribution(call[1]!, call[2]!)
  if (compact.includes(':')) return readTable(compact)
  const number = toNumber(compact)
  if (number === undefined) return refusal('neither a number of tokens nor a distribution')
  return count(number)
    ? value({ kind: 'constant', value: number })
    : refusal(`a length is a whole number from 1 to ${longest}`)
}

function readDistribution(kind: string, list: string): Read<LengthSpec> {
  const numbers = list.split(',').map(toNumber)
  if (numbers.includes(undefined)) return refusal(`${kind}(${list}) has a part that is no number`)
  const [a = NaN, b = NaN, min = 1, max] = numbers as number[]
  if (kind === 'uniform') {
    if (numbers.length !== 2) return refusal('uniform takes two numbers: uniform(min,max)')
    return bounded(a, b) ?? value({ kind, min: a, max: b })
  }
  if (kind !== 'normal' && kind !== 'lognormal') return refusal(`no distribution named ${kind}`)
  if (numbers.length !== 2 && numbers.length !== 4) {
    const middle = kind === 'normal' ? 'mean,sd' : 'median,sigma'
    return refusal(`${kind} takes two or four numbers: ${kind}(${middle}[,min,max])`)
  }
  if (!(a >= 1 && a <= longest)) return refusal(`the middle of ${kind} must be 1 to ${longest}`)
  if (!(b >= 0)) return refusal(`the spread of ${kind} cannot be negative`)
  if (kind === 'lognormal' && b > 5) return refusal('sigma above 5 has no useful mean')
  const tail = kind === 'normal' ? a + 4 * b : a * Math.exp(4 * b)
  const top = max ?? Math.min(longest, Math.ceil(tail))
  const wrong = bounded(min, top)
  if (wrong) return wrong
  if (a < min || a > top) return refusal(`the middle ${a} lies outside ${min} to ${top}`)
  return kind === 'normal'
    ? value({ kind, mean: a, sd: b, min, max: top })
    : value({ kind, median: a, sigma: b, min, max: top })
}

function bounded(min: number, max: number): Read<never> | undefined {
  if (!count(min) || !count(max)) return refusal(`bounds are whole numbers from 1 to ${longest}`)
  return min > max ? refusal(`the lower bound ${min} is above the upper bound ${max}`) : undefined
}

function readTable(text: string): Read<LengthSpec> {
  const values: number[] = []
  const weights: number[] = []
  for (const entry of text.split(',')) {
    const [length = '', weight = '', ...more] = entry.split(':')
    const tokens = toNumber(length)
    const share = toNumber(weight)
    if (tokens === undefined || share === undefined || more.length > 0) {
      return refusal(`"${entry}" is not length:weight`)
    }
    if (!count(tokens)) return refusal(`a length is a whole number from 1 to ${longest}`)
    if (share < 0) return refusal(`the weight of ${tokens} is negative`)
    values.push(tokens)
    weights.push(share)
  }
  return weights.some((weight) => weight > 0)
    ? value({ kind: 'empirical', values, weights })
    : refusal('all weights are 0')
}

/** Whether each draw gives the same length. */
export function isConstant(spec: LengthSpec): boolean {
  switch (spec.kind) {
    case 'constant':
      return true
    case 'uniform':
      return spec.min === spec.max
    case 'normal':
      return spec.sd === 0 || spec.min === spec.max
    case 'lognormal':
      return spec.sigma === 0 || spec.min === spec.max
    case 'empirical': {
      const drawn = spec.values.filter((_, i) => spec.weights[i]! > 0)
      return drawn.every((length) => length === drawn[0])
    }
  }
}
