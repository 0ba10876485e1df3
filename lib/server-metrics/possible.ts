import { FIGURES } from './figures.ts'
import type { FigureDef, ServerFigure } from './types.ts'

/**
 * The most that a figure can be, by its unit: far above any cluster. What lies beyond is an overflow or a
 * blank (DCGM writes 2^63 - 14 for "no value"). A share may exceed 1 by rounding.
 */
const MOST: Readonly<Record<FigureDef['unit'], number>> = {
  requests: 1e7,
  share: 1.0001,
  none: 1e15,
  bytes: 1e15,
  W: 1e8,
  J: 1e15,
}

const most = new Map(FIGURES.map(({ figure, unit }) => [figure, MOST[unit]]))

/** Whether a figure can have this value at all: no NaN, nothing below 0, no share above 1. */
export function isPossible(figure: ServerFigure, value: number): boolean {
  return value >= 0 && value <= most.get(figure)!
}
