import { warn } from './say.ts'

/**
 * Waits at the end of `setup()` until the load may begin. Every process of a distributed run does so by
 * its own clock, so their loads begin as far apart as their clocks are.
 *
 * @param at as `startMoment` says
 * @returns a warning when the moment had already passed
 */
export async function startTogether(at: number | undefined): Promise<string | undefined> {
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
