import type { Config } from '../config/index.ts'
import { warn } from './say.ts'

/** How much longer `setup()` may take because it waits for START_AT, ms. */
export function untilStart({ values }: Config): number {
  return Math.max(0, Math.ceil((values.START_AT ?? 0) - Date.now()))
}

/**
 * Waits at the end of `setup()` until START_AT. Every process of a distributed run does so by its own
 * clock, so their loads begin as far apart as their clocks are.
 *
 * @returns a warning when the moment had already passed
 */
export async function startTogether({ values }: Config): Promise<string | undefined> {
  const at = values.START_AT
  if (at === undefined) return undefined
  const waitMs = at - Date.now()
  if (waitMs >= 0) {
    await new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    return undefined
  }
  const warning = `START_AT passed ${Math.round(-waitMs)} ms before this process was ready: its load begins late`
  warn(warning)
  return warning
}

/** Equal in all processes of a run that know which run it is. */
export function runSalt({ values }: Config, nowMs: number): string {
  return values.RUN_ID ?? String(values.START_AT ?? nowMs)
}
