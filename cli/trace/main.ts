import { COMMANDS } from './commands.ts'
import { guarded, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { HELP } from './help.ts'

/**
 * `k6-inference trace …`.
 * @param argv what comes after `trace`
 * @returns the exit code: 0, 1 for a file that cannot be used, 2 for a wrong command line
 */
export async function main(argv: readonly string[], output: Terminal = TERMINAL): Promise<number> {
  const [name = '', ...rest] = argv
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    output.out(HELP[''] as string)
    return name === '' ? 2 : 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    output.note(
      `trace: no command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(', ')}\n`,
    )
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    output.out(HELP[name === 'cut' ? 'convert' : name] as string)
    return 0
  }
  return guarded(
    `trace ${name}`,
    async () => {
      await command(rest, output)
      return 0
    },
    output,
  )
}
