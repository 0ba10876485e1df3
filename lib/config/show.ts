import type { Config, ConfigProblem, ConfigWarning, VariableDoc } from './types.ts'
import { publicBody } from './readers/body.ts'
import { SHAPES, SHAPE_NAMES, shapesOf, type ShapeName } from './shapes.ts'
import { variableNames, variables, type Variable, type VariableName } from './variables/index.ts'

/** A configuration that may go into logs and results: no credentials, header values masked. */
export type PublicConfig = Omit<Config, 'apiKey' | 'headers'> & {
  apiKey: 'set' | undefined
  headers: Record<string, '***'>
}

/** @returns the configuration as it may be shown and stored; JSON-safe */
export function publicConfig(config: Config): PublicConfig {
  const headers = Object.fromEntries(
    Object.keys(config.headers).map((name) => [name, '***'] as const),
  )
  const body = config.body && publicBody(config.body)
  return { ...config, apiKey: config.apiKey && 'set', headers, body }
}

/**
 * The table of variables for documentation and help.
 *
 * @param defaults a scenario's own defaults, shown in place of the table's
 * @returns one row per variable, in the order of the table
 */
export function describeVariables(
  defaults: Partial<Record<VariableName, string | number | boolean>> = {},
): VariableDoc[] {
  return variableNames.map((name) => {
    const variable: Variable = variables[name]
    const own = defaults[name]
    const shapes = shapesOf(name)
    return {
      name,
      group: variable.group,
      type: variable.type,
      default: own === undefined ? variable.default : String(own),
      unit: variable.unit,
      meaning: variable.meaning,
      example: variable.example,
      accepted: variable.accepted,
      shapes: shapes.length === SHAPE_NAMES.length ? 'all' : shapes,
      secret: variable.secret === true,
    }
  })
}

/** Names of the variables of a group, such as `requests`: those that say what is sent. */
export function variablesOf(group: string): VariableName[] {
  return variableNames.filter((name) => variables[name].group === group)
}

/** The load shapes for documentation, in order. */
export function describeShapes(): { name: ShapeName; loop: string; meaning: string }[] {
  return SHAPE_NAMES.map((name) => ({
    name,
    loop: SHAPES[name].loop,
    meaning: SHAPES[name].meaning,
  }))
}

/** One problem as one line: `RATE="ten" (environment): not a number. Accepted: …` */
export function problemText(problem: ConfigProblem): string {
  const { variable, value, source, message, accepted } = problem
  const what = value === undefined ? variable : `${variable}=${JSON.stringify(value)}`
  const from = source === 'environment' ? '' : ` (${source})`
  const stop = /[?.]$/.test(message) ? '' : '.'
  return `${what}${from}: ${message}${stop} Accepted: ${accepted}`
}

/** All problems and warnings as one text for people, one per line. */
export function configErrorText(
  problems: readonly ConfigProblem[],
  warnings: readonly ConfigWarning[] = [],
): string {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  const lines = problems.map((problem) => `  - ${problemText(problem)}`)
  const hints = warnings.map((warning) => `  - ${warning.message}`)
  return [
    `The configuration has ${count}; no load was sent.`,
    ...lines,
    ...(hints.length > 0 ? ['Warnings:', ...hints] : []),
  ].join('\n')
}
