import { serve } from '../simulator/index.ts'
import { asUsageError, withNegatives } from './arguments.ts'
import { guarded, TERMINAL, usageErrorOf } from './command.ts'
import type { Terminal } from './command.ts'

/** `k6-inference simulate`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded(
    'simulate',
    async () => {
      try {
        return await serve(withNegatives(argv), terminal.out)
      } catch (error) {
        throw asUsageError(usageErrorOf(error))
      }
    },
    terminal,
  )
}
