import { SharedArray } from 'k6/data'
import { parseConfig, problemText, restoreConfig, storeConfig } from '../config/index.ts'
import type { Config, ShapeName, StoredConfig } from '../config/index.ts'
import { lookAt } from './look-at.ts'
import { complain, stop, warn } from './say.ts'

/**
 * k6 loads a script once as VU 0, for its options, and then once per VU. What only the result of the
 * first load needs is skipped in the others.
 */
export const FIRST_LOAD = __VU === 0

interface Configured {
  config: Config
  warnings: string[]
}

interface Stored {
  stored: StoredConfig
  warnings: string[]
}

/**
 * Reads the variables on the first load and hands every VU the result: reading them costs 70 ms of
 * CPU in k6's engine, which made 100 VUs begin 15 s late. All problems are logged, one per line, and
 * end k6 with exit code 108 before anything is sent.
 */
export function configure(
  scenario: string,
  shape: ShapeName,
  defaults: Record<string, string>,
): Configured {
  const first = FIRST_LOAD ? read(scenario, shape, defaults) : undefined
  // As text: k6 freezes what it makes of an element, object by object, which takes longer than parsing.
  const shared = new SharedArray('configuration', () => {
    const { config, warnings } = first ?? read(scenario, shape, defaults)
    return [JSON.stringify({ stored: storeConfig(config), warnings })]
  })
  if (first) return first
  const { stored, warnings } = JSON.parse(shared[0]!) as Stored
  return { config: restoreConfig(stored), warnings }
}

function read(scenario: string, shape: ShapeName, defaults: Record<string, string>): Configured {
  const parsed = parseConfig({ scenario, shape, env: __ENV, defaults, hints: FIRST_LOAD, lookAt })
  const warnings = parsed.warnings.map(({ message }) => message)
  if (parsed.ok) return { config: parsed.config, warnings }
  for (const problem of parsed.problems) complain(problemText(problem))
  for (const warning of warnings) warn(warning)
  const count = parsed.problems.length === 1 ? '1 problem' : `${parsed.problems.length} problems`
  stop(`the configuration has ${count}, see above; no load was sent`)
  // stop() interrupts the script only at its next step: nothing below may run with half a configuration.
  throw new Error('not reached')
}

/** Ends k6 with exit code 108 when something that a variable names (a file, a mix) cannot be used. */
export function refuse<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    stop(`${(error as Error).message}; no load was sent`)
    throw error
  }
}
