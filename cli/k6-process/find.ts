import { ensureK6, SetupError, which } from '../../scripts/setup/index.mjs'
import { InputError } from '../command.ts'

export interface FoundK6 {
  path: string
  version: string
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

/** Whether the shell finds a k6, of any version. */
export function k6OnPath(): boolean {
  return which('k6', process.env) !== undefined
}
