import { safeParse } from 'zod/mini'
import { maskUrl, maskUrls } from '../safe-text/index.ts'
import { assemble } from './assemble.ts'
import { checks } from './checks.ts'
import type { Reading } from './reading.ts'
import { foreignNames } from './foreign-names.ts'
import { nearMisses } from './near-miss.ts'
import { PROFILES, type Profile } from './profiles.ts'
import { SHAPES } from './shapes.ts'
import type { ConfigProblem, ConfigWarning, ParseInput, ParseResult } from './types.ts'
import { variableNames, variables } from './variables/index.ts'
import type { Values, Variable, VariableName } from './variables/index.ts'

const entry = (name: VariableName): Variable => variables[name]

interface Written {
  text: string | undefined
  source: ConfigProblem['source']
}

/** An empty value counts as none: `-e NAME=` is how a shell unsets a variable. */
const filled = (text: string | undefined) => (text?.trim() ? text : undefined)

function written(
  { env, defaults = {} }: ParseInput,
  profile: Profile | undefined,
  name: VariableName,
): Written {
  const text = filled(Object.hasOwn(env, name) ? env[name] : undefined)
  if (text !== undefined) return { text, source: 'environment' }
  const promised = profile?.[name]
  if (promised !== undefined) return { text: promised, source: 'profile' }
  const own = defaults[name]
  if (own !== undefined) return { text: String(own), source: 'scenario default' }
  return { text: entry(name).default, source: 'default' }
}

const masked = (name: VariableName, text: string) =>
  /^URLs?$/.test(entry(name).type) ? maskUrl(text) : maskUrls(text)

/** A value as a message may show it: without secrets or credentials, and cut to a bounded length. */
function shown(name: VariableName, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (entry(name).secret) return '(hidden)'
  const safe = masked(name, text)
  return safe.length > 120 ? `${safe.slice(0, 120)}…` : safe
}

const loopVariables = {
  open: ['RATE', 'PEAK_RATE'],
  closed: ['CONCURRENCY', 'PEAK_CONCURRENCY'],
} as const

/** What the user gave decides; else what the scenario's defaults name; else the loop is open. */
function loopOf(has: (name: VariableName) => boolean, byDefault: (name: VariableName) => boolean) {
  if (loopVariables.open.some(has)) return 'open'
  if (loopVariables.closed.some(has)) return 'closed'
  if (loopVariables.open.some(byDefault)) return 'open'
  return loopVariables.closed.some(byDefault) ? 'closed' : 'open'
}

/**
 * Builds a configuration from the environment, or reports everything that is wrong with it at once.
 *
 * A value comes from the environment, else from the profile, else from the scenario's defaults, else from
 * the table.
 *
 * @param input the environment, the scenario's name, shape and defaults, see {@link ParseInput}
 * @returns the configuration with warnings, or the problems (each with variable, value and what is
 *   accepted). No text in it shows a secret.
 */
export function parseConfig(input: ParseInput): ParseResult {
  const names =
    input.hints === false ? [] : Object.keys(input.env).filter((name) => filled(input.env[name]))
  const problems: ConfigProblem[] = foreignNames(names)
  const warnings: ConfigWarning[] = nearMisses(names)
  const values: Record<string, unknown> = {}
  const given = new Set<VariableName>()
  const texts = new Map<VariableName, Written>()
  const problem: Reading['problem'] = (variable, message, accepted) => {
    const { text, source } = texts.get(variable)!
    problems.push({ variable, value: shown(variable, text), source, message, accepted })
  }
  const profile = PROFILES[input.env['PROFILE']?.trim().toLowerCase() ?? '']
  for (const name of variableNames) {
    const { text, source } = written(input, profile, name)
    texts.set(name, { text, source })
    if (source === 'environment') given.add(name)
    if (text === undefined) continue
    const result = safeParse(entry(name).schema(), text)
    if (result.success) values[name] = result.data
    else problem(name, result.error.issues[0]!.message, entry(name).accepted)
  }
  const fixed = input.shape === undefined ? 'either' : SHAPES[input.shape].loop
  const byDefault = (name: VariableName) => texts.get(name)!.source === 'scenario default'
  const loop = fixed === 'either' ? loopOf((name) => given.has(name), byDefault) : fixed
  const warn: Reading['warn'] = (variable, message) => warnings.push({ variable, message })
  const { shape, lookAt = () => 'unknown' as const } = input
  const reading: Reading = { values, given, loop, shape, lookAt, problem, warn }
  for (const check of checks) check(reading)
  if (problems.length > 0) return { ok: false, problems, warnings }
  const open = [...given].filter((name) => entry(name).secret !== true)
  const asGiven = Object.fromEntries(
    open.map((name) => [name, masked(name, texts.get(name)!.text!.trim())]),
  )
  const read = { values: values as Values, loop, given: [...given], asGiven, byDefault }
  return { ok: true, config: assemble(input, read), warnings }
}
