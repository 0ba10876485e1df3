import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * Address for k6's REST API: the one that is given, else a free port. k6's usual one may be another run's, and k6 ends
 * where an address that it was told is taken.
 * @param k6Args an address among them is taken as it is
 * @returns `address` is undefined where they leave no API; `args` tell k6
 */
export async function apiAddress(
  k6Args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ address: string | undefined; args: string[] }> {
  const at = k6Args.findIndex((arg) => /^(-a|--address)(=|$)/.test(arg))
  const given = at < 0 ? env['K6_ADDRESS'] : (k6Args[at]?.split('=')[1] ?? k6Args[at + 1])
  if (given !== undefined) return { address: given === '' ? undefined : given, args: [] }
  const address = `localhost:${await freePort()}`
  return { address, args: ['--address', address] }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, 'localhost', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
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
