import { randomLogNormal, randomNormal, randomUniform } from 'd3-random'
import type { LengthSpec } from '../lib/config/index.ts'
import { randomSource } from './random.ts'

function empirical(
  values: readonly number[],
  weights: readonly number[],
  draw: () => number,
): number {
  const total = weights.reduce((sum, w) => sum + w, 0)
  let left = draw() * total
  for (let i = 0; i < values.length; i++) {
    left -= weights[i] ?? 0
    if (left < 0) return values[i]!
  }
  return values.at(-1) ?? 1
}

/** One whole number of tokens, at least 1, from a distribution; the same seed gives the same. */
export function drawLength(spec: LengthSpec, seed: number): number {
  const source = randomSource(seed)
  const clip = (value: number, min: number, max: number): number =>
    Math.max(1, Math.min(max, Math.max(min, Math.round(value))))
  switch (spec.kind) {
    case 'constant':
      return clip(spec.value, 1, Infinity)
    case 'uniform':
      return clip(
        Math.floor(randomUniform.source(source)(spec.min, spec.max + 1)()),
        spec.min,
        spec.max,
      )
    case 'normal':
      return clip(randomNormal.source(source)(spec.mean, spec.sd)(), spec.min, spec.max)
    case 'lognormal':
      return clip(
        randomLogNormal.source(source)(Math.log(spec.median), spec.sigma)(),
        spec.min,
        spec.max,
      )
    case 'empirical':
      return clip(empirical(spec.values, spec.weights, source), 1, Infinity)
  }
}
