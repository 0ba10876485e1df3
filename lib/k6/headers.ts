import secrets from 'k6/secrets'
import type { Config } from '../config/index.ts'
import { authHeaders, type Protocol, protocols } from '../protocols/index.ts'

/** Headers of every request, the key included. Read once per VU; never part of a result. */
export function createHeaders(config: Config): () => Promise<Record<string, string>> {
  let headers: Record<string, string> | undefined
  return async () => {
    if (headers) return headers
    const key = config.apiKey?.reveal() ?? (await secretKey(config.apiKeySecret))
    const protocol = protocols[config.api] as Protocol
    headers =
      key === undefined ? config.headers : { ...config.headers, ...authHeaders(protocol, key) }
    return headers
  }
}

async function secretKey(name: string | undefined): Promise<string | undefined> {
  return name === undefined ? undefined : secrets.get(name)
}
