import { evenly, placeOf } from './evenly.ts'

/** 2^32 (sqrt(11) - 3), and 2^32 (sqrt(17) - 4): independent of each other and of all else that is drawn. */
const WHETHER = 0x510e527f
const WHICH = 0x1f83d9ab

/**
 * Whether request n repeats a prompt that was answered before the load, see `evenly`.
 * @param share of the requests, 0-1
 */
export function isCompared(share: number, seed: number, n: number): boolean {
  return evenly(WHETHER, share, seed, n, 0)
}

/**
 * Which of the prompts request n repeats: each equally often in any stretch of the run, see `placeOf`.
 * @param prompts number of them
 */
export function comparedPrompt(prompts: number, seed: number, n: number): number {
  return Math.floor(placeOf(WHICH, seed, n) * prompts)
}
