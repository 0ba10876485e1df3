import type { ShapeName } from './types.ts'

/** Shapes that only make sense in one kind of loop, whatever RATE or CONCURRENCY are. */
export const FIXED_LOOP: Readonly<Partial<Record<ShapeName, 'open' | 'closed'>>> = {
  'concurrency-sweep': 'closed',
  'rate-sweep': 'open',
  batch: 'closed',
  trace: 'open',
}

/** Shapes whose load is a base rate (or a base concurrency). */
export const RATED = [
  'steady',
  'ramp',
  'spike',
  'soak',
  'daily',
  'cold-start',
  'failover',
] as const satisfies readonly ShapeName[]

export const PEAKED = ['ramp', 'spike', 'daily'] as const satisfies readonly ShapeName[]

export const SWEEPS = ['concurrency-sweep', 'rate-sweep'] as const satisfies readonly ShapeName[]

/** Shapes whose arrivals have a rate of their own to be drawn from. */
export const DRAWN = [...RATED, 'rate-sweep'] as const satisfies readonly ShapeName[]
