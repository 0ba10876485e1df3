import { parseArgs as parse } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { UsageError } from './command.ts'

/**
 * `parseArgs` of `node:util`, except that a negative number is a value, and that each mistake is one line.
 * @throws UsageError
 */
export function parseArgs<T extends ParseArgsConfig>(config: T): ReturnType<typeof parse<T>> {
  try {
    return parse({ ...config, args: withNegatives(config.args ?? []) } as T)
  } catch (error) {
    throw asUsageError(error)
  }
}

/** Joins `--rate -1` to `--rate=-1`: no option is a number, so the command can say what it accepts. */
export function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = []
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  for (const arg of own) {
    const last = joined.at(-1)
    const negative = /^-\.?\d/.test(arg)
    if (negative && last !== undefined && /^--?[a-z][\w-]*$/i.test(last)) {
      joined[joined.length - 1] = last.startsWith('--') ? `${last}=${arg}` : last + arg
    } else joined.push(arg)
  }
  return [...joined, ...args.slice(own.length)]
}

/**
 * Variables given as `-e NAME=value`.
 * @param ours names that the command sets itself, with what to say of each
 * @param problems gets a line for each that cannot be taken
 */
export function variablesOf(
  given: readonly string[],
  ours: Readonly<Record<string, string>>,
  problems: string[],
): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const text of given) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text) ?? []
    if (name === undefined || value === undefined) {
      // The value may be a secret that lost its name.
      problems.push(`-e takes NAME=value, got ${JSON.stringify(text.split('=')[0])}`)
    } else if (Object.hasOwn(ours, name)) problems.push(`-e ${name}: ${ours[name]}`)
    else variables[name] = value
  }
  return variables
}

/** An error of `parseArgs` in one line; any other error as it is. */
export function asUsageError(error: unknown): unknown {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS')) return error
  const option = /'(-[^' ]+)/.exec(message)?.[1] ?? ''
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return new UsageError(`${option}: there is no such option`)
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return new UsageError(`${/'(.*?)'/s.exec(message)?.[1] ?? ''}: is not an option's value`)
    default:
      return new UsageError(
        /does not take/.test(message)
          ? `${option}: takes no value`
          : `${option}: its value is missing`,
      )
  }
}
