import { ensureK6, SetupError } from '../../scripts/setup/index.mjs'
import { InputError } from '../command.ts'

export interface FoundK6 {
  path: string
  /** Where it was found; `cache` and `built` contain this package's own module. */
  source: 'K6' | 'PATH' | 'cache' | 'built'
}

/**
 * Finds a k6 that can stream, or builds one.
 * @throws InputError that says where it looked and what is missing
 */
export async function findK6(): Promise<FoundK6> {
  try {
    return await ensureK6()
  } catch (error) {
    if (error instanceof SetupError) throw new InputError(error.message)
    throw error
  }
}
