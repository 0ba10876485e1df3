import { parseArgs } from './arguments.ts'
import { guarded, TERMINAL } from './command.ts'
import type { Terminal } from './command.ts'
import { findK6 } from './k6-process/index.ts'

const HELP = `Finds a k6 that can stream, or builds one. Tried in this order: $K6, k6 on PATH (2.2.0 or
later), an earlier build, a new build of the Go module in k6/.

  k6-inference setup            find or build k6
  k6-inference setup --print    print only its path

  "$(npx k6-inference setup --print)" run dist/chat-spike.js
`

/** `k6-inference setup`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded(
    'setup',
    async () => {
      const { values } = parseArgs({
        args: [...argv],
        options: { print: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      })
      if (values.help) {
        terminal.out(HELP)
        return 0
      }
      const k6 = await findK6()
      if (values.print) terminal.out(`${k6.path}\n`)
      else terminal.note(`k6 ${k6.version} (${k6.source}): ${k6.path}\n`)
      return 0
    },
    terminal,
  )
}
