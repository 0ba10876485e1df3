import { serve } from '../simulator/index.ts'
import { guarded, UsageError } from './command.ts'

/** `k6-inference simulate`: does what `simulator/main.ts` does. */
export function main(argv: readonly string[]): Promise<number> {
  return guarded('simulate', async () => {
    try {
      return await serve(argv)
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message)
      throw error
    }
  })
}
