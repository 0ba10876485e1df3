import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runScenario } from './harness.ts'

const ABORTED = 108
const scenario = 'chat-steady'

describe.concurrent('no load is sent', () => {
  it('with a bad configuration: all problems are told at once, nothing is sent', async () => {
    const run = await runScenario({
      scenario,
      env: { RATE: 'many', DURATION: '10', SLO_TTFT_P95: '-1', API: 'smoke' },
    })
    expect(run.code).not.toBe(0)
    expect(run.records).toEqual([])
    for (const text of ['RATE="many"', 'DURATION="10"', 'SLO_TTFT_P95="-1"', 'API="smoke"']) {
      expect(unquoted(run.stderr)).toContain(text)
    }
    expect(unquoted(run.stderr)).toContain('4 problems')
  })

  it('with a folder for results that is not there, or is a file', async () => {
    const missing = await runScenario({ scenario, env: { RESULTS: 'out/today', RATE: 'many' } })
    expect(missing.code).toBe(ABORTED)
    expect(unquoted(missing.stderr)).toContain('RESULTS="out/today": there is no such folder')
    expect(unquoted(missing.stderr)).toContain('RATE="many"')
    const file = fileURLToPath(import.meta.url)
    const run = await runScenario({ scenario, env: { RESULTS: file } })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toContain('is a file')
    expect([...missing.records, ...run.records]).toEqual([])
  })

  it('with a misspelt limit: it would not be kept, nor missed', async () => {
    const run = await runScenario({ scenario, env: { SLO_TTFT: '500', TPOT_SLO: '40' } })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toMatch(/SLO_TTFT: is no limit of this test: did you mean .*SLO_TTFT_P95/)
    expect(run.stderr).toMatch(/TPOT_SLO: is no limit of this test: did you mean .*SLO_TPOT_P95/)
    expect(run.records).toEqual([])
  })

  it('where nothing listens', async () => {
    const env = { BASE_URL: 'http://127.0.0.1:9/v1', MODEL: 'sim-model' }
    const run = await runScenario({ scenario, env })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toMatch(/cannot connect to http:\/\/127\.0\.0\.1:9\/v1/)
    expect(run.stdout).toContain('No load was sent')
  })

  it('without the key that the server asks for', async () => {
    const run = await runScenario({ scenario, server: { apiKey: 'right' } })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toMatch(/401.*API_KEY/)
    expect(run.stdout).toContain('No load was sent')
  })

  it('with a wrong key, which is never shown', async () => {
    const run = await runScenario({
      scenario,
      env: { API_KEY: 'sk-very-wrong-0123', MODEL: 'sim-model' },
      server: { apiKey: 'right' },
    })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toMatch(/401.*API_KEY given was refused/)
    expect(run.stdout + run.stderr + JSON.stringify(run.report)).not.toContain('sk-very-wrong')
  })

  it('where the list of models is elsewhere: the key does not follow', async () => {
    const elsewhere: string[] = []
    const other = await listening((req, res) => {
      elsewhere.push(JSON.stringify(req.headers))
      res.end('{"data":[{"id":"theirs"}]}')
    })
    const first = await listening((_, res) => {
      res.writeHead(307, { location: `${other.url}/v1/models` }).end()
    })
    const env = { BASE_URL: `${first.url}/v1`, API_KEY: 'sk-stays-here' }
    const run = await runScenario({ scenario, env }).finally(() => {
      first.close()
      other.close()
    })
    expect(run.code).toBe(ABORTED)
    expect(run.stderr).toMatch(
      /models answered HTTP 307 \(to http.*\), a redirect, which is not followed/,
    )
    expect(elsewhere).toEqual([])
  })

  it('for a model that the server does not have', async () => {
    const server = { models: ['llama', 'qwen'] }
    const run = await runScenario({ scenario, env: { MODEL: 'gpt' }, server })
    expect(run.code).toBe(ABORTED)
    expect(unquoted(run.stderr)).toMatch(/model not found: MODEL is "gpt".*has: llama, qwen/)
  })

  it.for([
    ['not-streaming', /did not stream/],
    ['html', /stream/],
    ['500', /HTTP 500/],
    ['error-event', /failed inside its stream/],
    ['no-answer', /did not answer in time/],
    ['empty', /without any token/],
  ] as const)('to a server that shows %s from the start', async ([fault, says], { expect: e }) => {
    const server = { faults: [{ fault, probability: 1 }] }
    const run = await runScenario({ scenario, server })
    e(run.code, run.stdout).toBe(ABORTED)
    e(unquoted(run.stderr)).toMatch(says)
    e(run.stdout).toContain('No load was sent')
    // Only the preflight's few tries.
    e(run.records.length).toBeLessThanOrEqual(3)
  })
})

/** A server of its own on a free port of this machine. */
async function listening(answer: RequestListener): Promise<{ url: string; close: () => void }> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/** k6's log quotes what it is given. */
function unquoted(log: string): string {
  return log.replaceAll('\\"', '"')
}
