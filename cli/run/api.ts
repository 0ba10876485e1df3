import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Where k6's REST API listens unless told otherwise. */
const USUAL_PORT = 6565

/**
 * Address for k6's REST API: the usual one, or a free port where another k6 has that.
 * @param k6Args an address among them is taken as it is
 * @returns undefined where they leave no API
 */
export async function apiAddress(
  k6Args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ address: string | undefined; args: string[] }> {
  const at = k6Args.findIndex((arg) => /^(-a|--address)(=|$)/.test(arg))
  const given = at < 0 ? env['K6_ADDRESS'] : (k6Args[at]?.split('=')[1] ?? k6Args[at + 1])
  if (given !== undefined) return { address: given === '' ? undefined : given, args: [] }
  const port = (await isFree(USUAL_PORT)) || (await isFree(0))
  const address = `localhost:${port}`
  return { address, args: ['--address', address] }
}

/** @returns the port, or 0 where it is taken */
function isFree(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(0))
    server.listen(port, 'localhost', () => {
      const found = (server.address() as AddressInfo).port
      server.close(() => resolve(found))
    })
  })
}

/** Sum of a counter so far; undefined while the API does not tell. */
export async function counterOf(address: string, metric: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://${address}/v1/metrics/${metric}`, {
      signal: AbortSignal.timeout(1000),
    })
    const { data } = (await answer.json()) as {
      data?: { attributes?: { sample?: { count?: unknown } } }
    }
    const count = data?.attributes?.sample?.count
    return typeof count === 'number' ? count : undefined
  } catch {
    return undefined
  }
}
