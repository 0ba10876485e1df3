import type { Config } from '../config/index.ts'

/** How much longer `setup()` may take because it waits for START_AT, ms. */
export function untilStart({ values }: Config): number {
  const start = values.START_AT
  if (start === undefined) return 0
  // `startMoment` chooses a moment at most one and a half steps ahead.
  if ('everyMs' in start) return Math.ceil(1.5 * start.everyMs)
  return Math.max(0, Math.ceil(start.atMs - Date.now()))
}

/**
 * The moment at which the load begins, ms since 1970. Processes agree on it without knowing of each
 * other, if they ask at nearly the same time: so `setup()` asks first, before it waits for the server.
 * A multiple that is less than half a step away is left to pass: `setup()` would not be done by then.
 *
 * @returns undefined without START_AT: the load begins when `setup()` is done
 */
export function startMoment({ values }: Config, nowMs: number): number | undefined {
  const start = values.START_AT
  if (start === undefined) return undefined
  if ('atMs' in start) return start.atMs
  const { everyMs } = start
  return Math.ceil((nowMs + everyMs / 2) / everyMs) * everyMs
}

/** Equal in all processes of a run that know which run it is. */
export function runSalt({ values }: Config, nowMs: number): string {
  const { RUN_ID: name, START_AT: start } = values
  if (name !== undefined) return name
  return String(start !== undefined && 'atMs' in start ? start.atMs : nowMs)
}
