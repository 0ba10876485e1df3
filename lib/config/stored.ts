import { createSecret } from './readers/secret.ts'
import type { Config } from './types.ts'

/** A configuration as JSON can hold it. Contains the key as text: for memory only, never a file or log. */
export type StoredConfig = Omit<Config, 'apiKey'> & { key: string | undefined }

/** Turns a configuration into data for the other VUs, which then need not read the variables again. */
export function storeConfig({ apiKey, ...config }: Config): StoredConfig {
  return { ...config, key: apiKey?.reveal() }
}

/** The reverse of `storeConfig`. */
export function restoreConfig({ key, ...config }: StoredConfig): Config {
  return { ...config, apiKey: key === undefined ? undefined : createSecret(key) }
}
