import { randomLogNormal, randomNormal, randomUniform } from 'd3-random'

import type { LengthSpec } from '../config/index.ts'
import type { Random } from './random.ts'

/** After this many draws outside a distribution's bounds, the value is cut to the bound. */
const ATTEMPTS = 20

/**
 * Draws a length.
 *
 * Normal and log-normal values outside their bounds are drawn again, so that values do not pile up at a
 * bound; after 20 misses (bounds far out in a tail) the value is cut.
 *
 * @param spec distribution; lengths in tokens (or ms, for pauses)
 * @param random uniform numbers that belong to the request
 * @returns a whole number, at least 0
 */
export function drawLength(spec: LengthSpec, random: Random): number {
  switch (spec.kind) {
    case 'constant':
      return whole(spec.value)
    case 'uniform':
      // Whole numbers from min to max, both included and equally likely.
      return whole(Math.floor(randomUniform.source(random)(spec.min, spec.max + 1)()))
    case 'normal':
      return truncated(randomNormal.source(random)(spec.mean, spec.sd), spec.min, spec.max)
    case 'lognormal': {
      // The median of exp(N(mu, sigma)) is exp(mu).
      const draw = randomLogNormal.source(random)(Math.log(spec.median), spec.sigma)
      return truncated(draw, spec.min, spec.max)
    }
    case 'empirical':
      return whole(weighted(spec.values, spec.weights, random))
  }
}

/** Picks one of `values` with a probability in proportion to its weight. Weights need not add up to 1. */
export function weighted<T>(values: readonly T[], weights: readonly number[], random: Random): T {
  const total = weights.reduce((sum, w) => sum + w, 0)
  let rest = random() * total
  for (const [i, value] of values.entries()) {
    rest -= weights[i] ?? 0
    if (rest < 0) return value
  }
  const last = values[values.length - 1]
  if (last === undefined) throw new Error('a choice from an empty list')
  return last
}

/** The largest value of a distribution. */
export function mostLength(spec: LengthSpec): number {
  if (spec.kind === 'constant') return spec.value
  return spec.kind === 'empirical' ? Math.max(...spec.values) : spec.max
}

/** Mean of a distribution without regard to its bounds (which are wide): for sizing, not for figures. */
export function meanLength(spec: LengthSpec): number {
  switch (spec.kind) {
    case 'constant':
      return spec.value
    case 'uniform':
      return (spec.min + spec.max) / 2
    case 'normal':
      return spec.mean
    case 'lognormal':
      return Math.min(spec.max, spec.median * Math.exp((spec.sigma * spec.sigma) / 2))
    case 'empirical': {
      const total = spec.weights.reduce((sum, weight) => sum + weight, 0)
      return spec.values.reduce((sum, v, i) => sum + (v * (spec.weights[i] ?? 0)) / total, 0)
    }
  }
}

function truncated(draw: () => number, min: number, max: number): number {
  let value = 0
  for (let i = 0; i < ATTEMPTS; i++) {
    value = Math.round(draw())
    if (value >= min && value <= max) return whole(value)
  }
  return whole(Math.min(max, Math.max(min, value)))
}

function whole(value: number): number {
  return Math.max(0, Math.round(value))
}
