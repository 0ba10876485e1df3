import { ensureK6, SetupError } from '../../scripts/setup/index.mjs'
import { InputError } from '../command.ts'

/**
 * Path of a k6 that can stream, built where there is none.
 * @throws InputError that says what was looked at and what is missing
 */
export async function findK6(): Promise<string> {
  try {
    return (await ensureK6()).path
  } catch (error) {
    if (error instanceof SetupError) throw new InputError(error.message)
    throw error
  }
}
