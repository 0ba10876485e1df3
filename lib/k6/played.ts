import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { playedOtherwise, type PlayedOptions } from '../load/index.ts'
import { stop } from './say.ts'

/** The segment of the load that this process plays; null: all of it. Not known while the script is loaded. */
export function playedSegment(): string | null {
  return exec.test.options.executionSegment ?? null
}

const SHOWN = 5

/**
 * Stops the run before anything is sent when k6 plays something other than what the script plans:
 * every figure would be compared with a load that nobody played.
 *
 * @param planned the options that the script exports
 * @returns whether k6 plays what was planned
 */
export function playsAsPlanned(planned: Options): boolean {
  const differences = playedOtherwise(
    planned as PlayedOptions,
    exec.test.options as unknown as PlayedOptions,
  )
  if (differences.length === 0) return true
  const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : ''
  stop(
    `k6 plays something other than the variables ask for: ${differences.slice(0, SHOWN).join('; ')}${more}. ` +
      'An archive plays the load of the variables it was made with: give them to "k6 archive" and make it anew. ' +
      'Options on the command line, and K6_ variables for them, replace what the script plans: leave them out. ' +
      'No load was sent',
  )
  return false
}
