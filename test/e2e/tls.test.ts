import { readFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startSimulator, type Simulator } from '../../simulator/index.ts'
import { root } from '../support/sources.ts'
import type { TrendStats } from '../../lib/results/index.ts'
import { runScenario } from './harness.ts'
import type { Run } from './harness.ts'

const scenario = 'chat-steady'
const file = (name: string) => path.join(root, 'test/fixtures/tls', name)
const SHORT = { RATE: '5', DURATION: '1s', MODEL: 'sim-model', METRICS_URL: 'off' }
const OWN_CERTIFICATE = { TLS_CERT: file('client.pem'), TLS_KEY: file('client.key') }

/** A simulator behind a server that speaks TLS as `server.test`, and asks for a client certificate. */
let simulator: Simulator
let front: tls.Server

beforeAll(async () => {
  simulator = await startSimulator({ ttftMs: 30, tpotMs: 5 })
  const { port } = new URL(simulator.url)
  const options = {
    key: readFileSync(file('server.key')),
    cert: readFileSync(file('server.pem')),
    ca: readFileSync(file('ca.pem')),
    requestCert: true,
    rejectUnauthorized: true,
  }
  front = tls.createServer(options, (client) => {
    const server = net.connect(Number(port), '127.0.0.1')
    client.on('error', () => server.destroy()).pipe(server)
    server.on('error', () => client.destroy()).pipe(client)
  })
  front.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  front.close()
  await simulator.close()
})

const address = () => `${(front.address() as AddressInfo).port}/v1`
const named = () => ({
  BASE_URL: `https://server.test:${address()}`,
  RESOLVE: 'server.test=127.0.0.1',
})

function completed({ report }: Run): number {
  return report?.outcomes.find(({ outcome }) => outcome === 'completed')?.count ?? 0
}

describe('TLS', () => {
  for (const kind of ['sockets', 'k6/http']) {
    it(`over ${kind}: an authority, a client certificate and a name of one's own`, async () => {
      const run = await runScenario({
        scenario,
        env: { ...SHORT, ...named(), ...OWN_CERTIFICATE },
        shell: { SSL_CERT_FILE: file('ca.pem') },
        ...(kind === 'sockets' ? {} : { bundles: path.join(inject('bundles'), 'buffered') }),
      })
      expect(run.stderr + run.stdout).not.toMatch(/cannot connect/)
      expect(run.code).toBe(0)
      expect(completed(run)).toBeGreaterThan(3)
      expect(run.report).toBeDefined()
      const { llm_connecting: connecting, llm_tls_handshake: handshake } = run.report!.measured
        .metrics as Record<string, TrendStats | undefined>
      if (kind === 'sockets') {
        expect(handshake?.count).toBe(connecting?.count)
        expect(handshake?.avg).toBeLessThan(connecting?.avg ?? 0)
        expect(handshake?.avg).toBeGreaterThan(0.1)
      } else expect(handshake?.count ?? 0).toBe(0)
      expect(JSON.stringify(run.report)).not.toMatch(/PRIVATE KEY|certificate is not checked/)
    })
  }

  it('that cannot be had is told from a server that is down, with what to do', async () => {
    const stranger = await runScenario({
      scenario,
      env: { ...SHORT, ...named(), ...OWN_CERTIFICATE },
    })
    expect(stranger.code).toBe(108)
    expect(stranger.stderr).toMatch(
      /tls_unknown_authority.*SSL_CERT_FILE.*K6_INSECURE_SKIP_TLS_VERIFY/,
    )
    const shell = { SSL_CERT_FILE: file('ca.pem') }
    const bare = await runScenario({ scenario, env: { ...SHORT, ...named() }, shell })
    expect(bare.stderr).toMatch(/tls_client_certificate.*TLS_CERT and TLS_KEY/)
    expect(stranger.stderr + bare.stderr).not.toMatch(/server running/)
  })

  it('without a check of the certificate is said in the log, the summary and the results', async () => {
    const run = await runScenario({
      scenario,
      env: { ...SHORT, ...OWN_CERTIFICATE, BASE_URL: `https://127.0.0.1:${address()}` },
      shell: { K6_INSECURE_SKIP_TLS_VERIFY: 'true' },
    })
    expect(run.code).toBe(0)
    for (const text of [run.stderr, run.stdout, JSON.stringify(run.report?.warnings)]) {
      expect(text).toMatch(/certificate\s+is not checked/)
    }
  })
})

describe('a proxy', () => {
  const shell = { HTTPS_PROXY: 'http://user:hush@127.0.0.1:9' }
  const env = { ...SHORT, BASE_URL: 'https://server.test:9/v1', RESOLVE: 'server.test=127.0.0.1' }

  it('that sockets would go around is refused in one sentence', async () => {
    const run = await runScenario({ scenario, env, shell })
    expect(run.code).toBe(108)
    expect(run.stderr).toMatch(/HTTPS_PROXY is set, but sockets .* server.test in NO_PROXY/)
    expect(run.stderr + run.stdout).not.toContain('hush')
    const direct = await runScenario({
      scenario,
      env,
      shell: { ...shell, NO_PROXY: 'server.test' },
    })
    expect(direct.stderr).toMatch(/connect_refused/)
  })
})
