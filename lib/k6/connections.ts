import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { type Config, proxyVariable } from '../config/index.ts'
import { metricsSources } from '../probe/index.ts'
import { readFile } from './read-file.ts'
import { CLOCK } from './transport.ts'

/** k6's own options for connections, from the variables. Reads files, so only while a script is loaded. */
export function connectionOptions({ values }: Config): Options {
  const { TLS_CERT: cert, TLS_KEY: key, RESOLVE: hosts } = values
  return {
    ...(hosts === undefined ? {} : { hosts }),
    ...(cert === undefined || key === undefined
      ? {}
      : { tlsAuth: [{ cert: readFile('TLS_CERT', cert), key: readFile('TLS_KEY', key) }] }),
  } as Options
}

/**
 * Refuses a run whose load would go around a proxy that the environment asks for: k6/http goes through
 * it, sockets do not.
 * @throws Error with one sentence for people
 */
export function refuseProxy(config: Config): void {
  if (CLOCK === 'buffered') return
  for (const { endpoint } of [...config.endpoints, ...metricsSources(config)]) {
    const variable = proxyVariable(endpoint, __ENV)
    if (variable === undefined) continue
    const { host } = endpoint
    throw new Error(
      `${variable} is set, but sockets cannot go through a proxy to ${host}: name ${host} in NO_PROXY to connect to it directly, or use the bundle in dist/buffered/, which goes through the proxy`,
    )
  }
}

/** A warning where certificates are not checked; undefined where they are, or where there is no TLS. */
export function unverified({ endpoints }: Config): string | undefined {
  const off = exec.test.options.insecureSkipTLSVerify === true
  if (!off || !endpoints.some(({ endpoint }) => endpoint.tls)) return undefined
  return "the server's certificate is not checked (K6_INSECURE_SKIP_TLS_VERIFY): anyone on the way can read the key and the prompts, and answer in the server's place"
}
