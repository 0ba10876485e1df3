import { ensureK6, SetupError } from '../../scripts/setup/index.mjs'
import { InputError } from '../command.ts'

export interface FoundK6 {
  path: string
  /** Where it was found; `cache` and `built` are of this package's own module. */
  source: 'K6' | 'PATH' | 'cache' | 'built'
}

/**
 * A k6 that can stream, built where there is none.
 * @throws InputError that says what was looked at and what is missing
 */
export async function findK6(): Promise<FoundK6> {
  try {
    return await ensureK6()
  } catch (error) {
    if (error instanceof SetupError) throw new InputError(error.message)
    throw error
  }
}
