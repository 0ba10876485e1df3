import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiAddress, counterOf } from '../../../cli/run/api.ts'

describe('the address of k6’s REST API', () => {
  test.each([
    [['-a', 'localhost:1'], {}, 'localhost:1'],
    [['--address=localhost:2'], {}, 'localhost:2'],
    [['--address', ''], {}, undefined],
    [[], { K6_ADDRESS: 'localhost:3' }, 'localhost:3'],
  ])('given by %j and %j is taken as it is', async (k6Args, env, address) => {
    expect(await apiAddress(k6Args, env)).toEqual({ address, args: [] })
  })

  test('is one that is free', async () => {
    const { address, args } = await apiAddress([], {})
    expect(args).toEqual(['--address', address])
    const server = createServer().listen(Number(address?.split(':')[1]), 'localhost')
    await new Promise((resolve) => server.on('listening', resolve))
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('a counter', () => {
  const answers: Record<string, string> = {
    '/v1/metrics/llm_requests': '{"data":{"attributes":{"sample":{"count":12,"rate":3}}}}',
    '/v1/metrics/odd': '{"data":{"attributes":{"sample":{"count":"12"}}}}',
    '/v1/metrics/none': 'not found',
  }
  const server = createServer((req, res) => res.end(answers[req.url as string]))
  let address = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  test('is its sum; nothing where the API does not tell, or nobody listens', async () => {
    expect(await counterOf(address, 'llm_requests')).toBe(12)
    for (const name of ['odd', 'none']) expect(await counterOf(address, name)).toBeUndefined()
    expect(await counterOf('127.0.0.1:1', 'llm_requests')).toBeUndefined()
  })
})
