import { readFileSync } from 'node:fs'
import { InputError } from './command.ts'

/** For `parseArgs`. A key on a command line could be read by every user of the machine. */
export const KEY_OPTIONS = {
  'key-file': { type: 'string' },
  'key-env': { type: 'string' },
} as const

export const KEY_HELP = `  --key-file FILE       file that holds the API key
  --key-env NAME        variable of the environment that holds the API key (default API_KEY)`

/** Where the API key is, if not in the variable API_KEY of the environment. */
export interface KeyPlace {
  file: string | undefined
  env: string | undefined
}

/**
 * The environment with the key as scripts take it.
 * @throws InputError when there is no key in the place named; the message shows none
 */
export function withKey(env: NodeJS.ProcessEnv, { file, env: name }: KeyPlace): NodeJS.ProcessEnv {
  if (file === undefined && name === undefined) return env
  const key = file === undefined ? env[name as string]?.trim() : readText(file).trim()
  if (!key) {
    const empty = file === undefined ? `--key-env ${name}: not set` : `${file}: holds no key`
    throw new InputError(empty)
  }
  return { ...env, API_KEY: key }
}

/** @throws InputError when it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`${file}: cannot be read: ${(error as Error).message}`)
  }
}
