/** Where a command writes: results to `out`, everything else to `note`. */
export interface Terminal {
  out(text: string): void
  note(text: string): void
}

export const TERMINAL: Terminal = {
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
}

/**
 * A command's module.
 * @param argv what comes after the command's name
 * @returns the exit code: 0; 1 for a file or run that cannot be used; 2 for a wrong command line;
 *   a command's own beyond that
 */
export interface CommandModule {
  main(argv: readonly string[]): Promise<number>
}

export interface Command {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Loaded only when asked for: `--help` must not wait for what it does not need. */
  load(): Promise<CommandModule>
}

/** What the user gave is wrong; the message says what, the value and what is accepted. */
export class UsageError extends Error {}

/** A file cannot be used; the message begins with its path (and line). */
export class InputError extends Error {}

/** Runs a command's body and turns the errors that users cause into a line and an exit code. */
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
    const code = (error as { code?: unknown } | null)?.code
    if (
      error instanceof UsageError ||
      (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
    ) {
      terminal.note(
        `${command}: ${(error as Error).message}\nk6-inference ${command} --help tells more\n`,
      )
      return 2
    }
    throw error
  }
}
