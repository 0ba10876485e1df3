import { createSecret } from './readers/secret.ts'
import type { Config } from './types.ts'

/** A configuration as JSON takes it. Holds the key as text: for memory only, never for a file or log. */
export type StoredConfig = Omit<Config, 'apiKey'> & { key: string | undefined }

/** Makes a configuration fit to be handed to other VUs, which then need not read it again. */
export function storeConfig({ apiKey, ...config }: Config): StoredConfig {
  return { ...config, key: apiKey?.reveal() }
}

/** The reverse of `storeConfig`. */
export function restoreConfig({ key, ...config }: StoredConfig): Config {
  return { ...config, apiKey: key === undefined ? undefined : createSecret(key) }
}
