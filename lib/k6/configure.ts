import exec from 'k6/execution'
import { type Config, parseConfig, problemText, type ShapeName } from '../config/index.ts'

/**
 * k6 loads a script once as VU 0, for its options, and then once a VU. What only the first load's
 * result is used for is left out of the others: it would cost each VU 60 ms of CPU.
 */
export const FIRST_LOAD = __VU === 0

/**
 * Reads the variables while the script is loaded. Problems are all logged, a line each, and end k6
 * with exit code 108 before anything is sent.
 */
export function configure(
  scenario: string,
  shape: ShapeName,
  defaults: Record<string, string>,
): { config: Config; warnings: string[] } {
  const parsed = parseConfig({ scenario, shape, env: __ENV, defaults, hints: FIRST_LOAD })
  const warnings = parsed.warnings.map(({ message }) => message)
  if (parsed.ok) return { config: parsed.config, warnings }
  for (const problem of parsed.problems) console.error(problemText(problem))
  for (const warning of warnings) console.warn(warning)
  const count = parsed.problems.length === 1 ? '1 problem' : `${parsed.problems.length} problems`
  exec.test.abort(`the configuration has ${count}, see above; no load was sent`)
  // abort() interrupts the script only at its next step: nothing below may run half configured.
  throw new Error('not reached')
}
