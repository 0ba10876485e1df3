import { TERMINAL } from './command.ts'
import type { Command, Terminal } from './command.ts'
import { COMMANDS } from './commands.ts'

/**
 * `k6-inference COMMAND …`.
 * @param argv the arguments after the program's name
 * @returns the exit code; 2 for a command that does not exist
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  const [name = '', ...rest] = argv
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    const asked = name === 'help' ? find(commands, rest[0]) : undefined
    if (asked !== undefined) return (await asked.load()).main(['--help'], terminal)
    const text = overview(commands)
    if (name === '') terminal.note(text)
    else terminal.out(text)
    return name === '' ? 2 : 0
  }
  const command = find(commands, name)
  if (command === undefined) {
    const names = commands.map((c) => c.name).join(', ')
    terminal.note(`k6-inference: no command ${JSON.stringify(name)}; there are ${names}\n`)
    return 2
  }
  return (await command.load()).main(rest, terminal)
}

function find(commands: readonly Command[], name: string | undefined): Command | undefined {
  return commands.find((command) => command.name === name)
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `Load tests for LLM inference servers on k6.

  k6-inference COMMAND [options]

${lines.join('\n')}

k6-inference COMMAND --help shows a command's options. Where the shell does not find k6-inference, as in a
clone, npx k6-inference runs it.
`
}
