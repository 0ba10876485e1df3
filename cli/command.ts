import { maskUrls, printable } from '../lib/safe-text/index.ts'

/** Where a command writes: results to `out`, everything else to `note`. */
export interface Terminal {
  out(text: string): void
  note(text: string): void
}

/**
 * This process's own output. Texts of servers and files are in it, so control characters become visible escapes
 * (JSON keeps its meaning). Notes quote what was typed, so addresses lose their passwords.
 */
export const TERMINAL: Terminal = {
  out: (text) => void process.stdout.write(printable(text)),
  note: (text) => void process.stderr.write(printable(maskUrls(text))),
}

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
