import { TERMINAL } from './terminal.ts'
import type { Terminal } from './terminal.ts'

export { show, TERMINAL } from './terminal.ts'
export type { Terminal } from './terminal.ts'

/**
 * A command's module.
 * @param argv the arguments after the command's name
 * @returns the exit code: 0; 1 for a file or run that cannot be used; 2 for a wrong command line;
 *   higher codes are the command's own
 */
export interface CommandModule {
  main(argv: readonly string[], terminal?: Terminal): Promise<number>
}

export interface Command {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Loaded on demand: `--help` must not wait for modules that it does not need. */
  load(): Promise<CommandModule>
}

/** The command line is wrong; the message names the option, its value and what is accepted. */
export class UsageError extends Error {}

/** Runs what takes the command line's values: what it calls out of range (a RangeError) is a wrong command line. */
export function asUsage<T>(body: () => T): T {
  try {
    return body()
  } catch (error) {
    throw usageErrorOf(error)
  }
}

/** An error as {@link asUsage} throws it. */
export function usageErrorOf(error: unknown): unknown {
  return error instanceof RangeError ? new UsageError(error.message) : error
}

/** A file cannot be used; the message begins with its path (and line). */
export class InputError extends Error {}

/** Runs a command's body; errors that users cause become a message and an exit code. */
export async function guarded(
  command: string,
  body: () => Promise<number>,
  terminal: Terminal = TERMINAL,
): Promise<number> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof InputError) {
      terminal.note(`${command}: ${error.message}\n`)
      return 1
    }
    if (error instanceof UsageError) {
      terminal.note(`${command}: ${error.message}\nSee k6-inference ${command} --help\n`)
      return 2
    }
    throw error
  }
}
