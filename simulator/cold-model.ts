import type { SimulatorOptions } from './options.ts'

/** A model that has to be loaded before the first request after a time of idleness. ms. */
export interface ColdModel {
  active(nowMs: number): void
  /** When requests that arrive now may go on. */
  readyAtMs(nowMs: number, idle: boolean): number
}

export function createColdModel({
  coldStartMs,
  coldAfterMs,
}: Pick<SimulatorOptions, 'coldStartMs' | 'coldAfterMs'>): ColdModel {
  let activeMs = -Infinity
  let coldUntilMs = 0
  return {
    active(nowMs) {
      activeMs = nowMs
    },
    readyAtMs(nowMs, idle) {
      const cold = idle && nowMs - activeMs >= coldAfterMs
      if (coldStartMs > 0 && cold && nowMs >= coldUntilMs) coldUntilMs = nowMs + coldStartMs
      return coldUntilMs
    },
  }
}
