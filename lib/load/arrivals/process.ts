import { randomExponential, randomGamma } from 'd3-random'

/** How requests follow each other at a steady rate. */
export type ArrivalProcess =
  /** Equal gaps. */
  | { kind: 'constant' }
  /** Exponential gaps: independent users. */
  | { kind: 'poisson' }
  /**
   * Gamma gaps of this shape (vLLM's `burstiness`): 1 is Poisson, below 1 is bursty, above 1 more even
   * than Poisson. Coefficient of variation of the gaps = 1/√shape.
   */
  | { kind: 'gamma'; shape: number }

/** The shape of gamma gaps with this coefficient of variation. */
export function shapeOfCv(cv: number): number {
  return 1 / (cv * cv)
}

/** Draws gaps with mean 1. */
export function unitGaps(process: ArrivalProcess, source: () => number): () => number {
  switch (process.kind) {
    case 'constant':
      return () => 1
    case 'poisson':
      return randomExponential.source(source)(1)
    case 'gamma':
      return randomGamma.source(source)(process.shape, 1 / process.shape)
  }
}
