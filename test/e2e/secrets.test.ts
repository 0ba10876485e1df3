import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { pieces, spelled } from '../support/secrets.ts'
import { startEchoServer, type EchoServer } from './echo-server.ts'

const KEY = 'qz-Live_4f9K2mZ8xQ71vB3nR6tY0wLp+/=='
const TENANT = 'Acme:Internal:Tenant:77142'
const SECRETS = [KEY, TENANT]
const SPELLINGS = SECRETS.flatMap(spelled)
const PIECES = [...new Set(SECRETS.flatMap((secret) => [...pieces(secret)]))]

/** By name, all that a run leaves: what it printed, and every file. */
type Left = Record<string, string>

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-secrets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The pieces of a secret in what was left, each with its place. */
function traces(left: Left): string[] {
  return Object.entries(left).flatMap(([name, text]) => {
    const lower = text.toLowerCase()
    return PIECES.filter((piece) => lower.includes(piece)).map((piece) => `${name}: ${piece}`)
  })
}

/** Names of what would make a terminal obey. */
function obeyed(left: Left): string[] {
  // oxlint-disable-next-line no-control-regex
  return Object.keys(left).filter((name) => /[\u001b\u009b\u0007\u202e]/.test(left[name] as string))
}

describe('a server that sends the key back, in every spelling and place', () => {
  for (const kind of ['sockets', 'k6/http']) {
    it(`leaves no trace of it over ${kind}, in any output`, async () => {
      const bundles =
        kind === 'sockets' ? inject('bundles') : path.join(inject('bundles'), 'buffered')
      const server = await startEchoServer(SPELLINGS)
      try {
        const left = await run(server, path.join(bundles, 'chat-steady.js'))
        expect(server.asked()).toBeGreaterThan(40)
        expect(Object.keys(left).join()).toMatch(/csv.*html.*jsonl|jsonl.*html/s)
        // Something was masked: the test would not hold if nothing had come back.
        expect(left['requests.jsonl']).toContain('***')
        expect(left['requests.jsonl']).toMatch(/"record":"answer".*"answer":".*\*\*\*/)
        expect(left['requests.jsonl']).toMatch(/"prompt":"[^"]*\*\*\*/)
        expect(left['requests.jsonl']).not.toMatch(/"(prompt|answer|text)":"[^"]*your own words/)
        expect(traces(left)).toEqual([])
        expect(obeyed(left)).toEqual([])
      } finally {
        await server.close()
      }
    })
  }

  it('leaves no trace of it in a refusal', async () => {
    const server = await startEchoServer(SPELLINGS, { refuse: true })
    try {
      for (const model of ['none', undefined]) {
        const variables = model === undefined ? {} : { MODEL: model }
        const left = await run(server, path.join(inject('bundles'), 'chat-steady.js'), variables)
        expect(left['stderr']).toMatch(/401|no model/)
        expect(traces(left)).toEqual([])
        expect(obeyed(left)).toEqual([])
      }
    } finally {
      await server.close()
    }
  })
})

it('an archive holds nothing of the shell, and prints nothing of it', async () => {
  const archive = path.join(folder, 'test.tar')
  const script = path.join(inject('bundles'), 'chat-steady.js')
  const printed = await start(inject('k6'), ['archive', script, '-O', archive])
  expect(traces({ ...printed, archive: readFileSync(archive, 'latin1') })).toEqual([])
})

const VARIABLES = {
  RATE: '30',
  DURATION: '2s',
  WARMUP: '0',
  INPUT_TOKENS: '20',
  OUTPUT_TOKENS: '2',
  EXPECTED_E2E: '1s',
  CALIBRATION: 'off',
  RECORDS: 'all',
  KEEP_ANSWERS: '1',
  // Every prompt ends with them.
  REDACT: '[Yy]our own words',
  FORMATS: 'json,md,csv,junit',
}

async function run(
  server: EchoServer,
  script: string,
  variables: Record<string, string> = {},
): Promise<Left> {
  const out = mkdtempSync(path.join(folder, 'run-'))
  const given = Object.entries({ ...VARIABLES, ...variables, BASE_URL: server.url })
  const printed = await start(process.execPath, [
    ...['--import', 'tsx', 'cli/bin.ts', 'run', script, '--out', out],
    ...given.flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ...['--formats', 'html,json,md,csv,junit,text', '--', '--address', ''],
  ])
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(out, file)).isFile())
    .map((file) => [path.basename(file), readFileSync(path.join(out, file), 'utf8')] as const)
  return { ...printed, ...Object.fromEntries(files) }
}

/** With the secrets in the environment, as the documentation says. */
function start(program: string, args: string[]): Promise<Left> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    K6: inject('k6'),
    K6_NO_USAGE_REPORT: 'true',
    API_KEY: KEY,
    HEADERS: `x-tenant: ${TENANT}; x-priority: low`,
  }
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 80_000 }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    )
  })
}
