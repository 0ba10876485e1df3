import type { Config } from '../../lib/config/index.ts'
import type { Transport } from '../../lib/exchange/index.ts'
import { createAsk } from '../../lib/probe/index.ts'
import type { Ask } from '../../lib/probe/index.ts'
import { authHeaders, protocols } from '../../lib/protocols/index.ts'
import type { Protocol } from '../../lib/protocols/index.ts'

/** What asks the server of a configuration, with its key and headers. */
export function askIn(transport: Transport, config: Config): Ask {
  const headers = headersOf(config)
  return createAsk({ transport, config, endpoint: config.endpoint, headers })
}

/** The headers of every request, which hold secrets. */
export function headersOf(config: Config): Record<string, string> {
  const key = config.apiKey?.reveal()
  const protocol = protocols[config.api] as Protocol
  return { ...config.headers, ...(key === undefined ? {} : authHeaders(protocol, key)) }
}
