import { createHash, createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readDestination } from '../../../../cli/k8s/run/destination.ts'
import { pushRun } from '../../../../cli/k8s/run/push.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hush-hush-hush' }
const FILES = { 'chat-spike.json': '{}', 'records.jsonl': '{"a":1}\n', 'report.html': '<p>ü' }
const QUICK = { tries: 3, pauseMs: 1, silentMs: 300 }

interface Taken {
  request: IncomingMessage
  body: string
}

/** Pushes a run to a server that answers as it is told, and tells what came. */
async function pushed(
  answer: (response: ServerResponse, n: number) => void,
  { address = '', env = {} }: { address?: string; env?: Record<string, string> },
) {
  const taken: Taken[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      taken.push({ request, body })
      answer(response, taken.length)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-push-'))
  const run = path.join(folder, 'nightly-x7f2k')
  mkdirSync(path.join(run, 'logs'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(run, name), text)
  const notes: string[] = []
  const own = { AWS_ENDPOINT_URL: host, ...env }
  const read = readDestination(address.startsWith('s3:') ? address : host + address, own)
  if (!read.ok) throw new Error(read.message)
  try {
    const ended = pushRun(run, read.value, { note: (text) => void notes.push(text) }, QUICK)
    const problem = await ended.then(() => undefined).catch((error: Error) => error.message)
    return { taken, notes: notes.join(''), problem, host }
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const OK = (response: ServerResponse) => response.end()
const failing = (status: number, text: string) => (response: ServerResponse) => {
  response.writeHead(status).end(text)
}

test('each file is put below the run’s name, with the given headers; logs stay', async () => {
  const env = { PUSH_HEADERS: 'Authorization: Bearer hush-hush' }
  const { taken, notes, problem } = await pushed(OK, { address: '/dav/?sig=hush', env })
  expect(problem).toBeUndefined()
  expect(taken.map(({ request: { method, url }, body }) => [method, url, body])).toEqual(
    Object.entries(FILES).map(([name, text]) => [
      'PUT',
      `/dav/nightly-x7f2k/${name}?sig=hush`,
      text,
    ]),
  )
  expect(taken[0]!.request.headers).toMatchObject({
    authorization: 'Bearer hush-hush',
    'content-type': 'application/json',
    'content-length': '2',
  })
  expect(notes).toContain('pushed 3 files')
  expect(notes).not.toContain('hush')
})

/** Signature version 4 as AWS specifies it, from what the server got. */
function signatureOf({ method, url = '', headers }: IncomingMessage, secret: string): string {
  const [, date = '', region = '', names = ''] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+)/.exec(
      headers.authorization ?? '',
    ) ?? []
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`)
  const lines = [method, url, '', signed.join(''), names, 'UNSIGNED-PAYLOAD']
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex')
  const scope = `${date}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, digest].join('\n')
  const hmac = (key: string | Buffer, of: string) => createHmac('sha256', key).update(of).digest()
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, text).toString('hex')
}

test('requests of a bucket are signed, addressed by path', async () => {
  const env = { ...KEYS, AWS_REGION: 'eu-central-1', AWS_SESSION_TOKEN: 'session' }
  const { taken, problem } = await pushed(OK, { address: 's3://load-tests/nightly', env })
  expect(problem).toBeUndefined()
  expect(taken).toHaveLength(3)
  for (const { request } of taken) {
    expect(request.url).toMatch(/^\/load-tests\/nightly\/nightly-x7f2k\//)
    expect(request.headers['x-amz-security-token']).toBe('session')
    const signature = signatureOf(request, KEYS.AWS_SECRET_ACCESS_KEY)
    expect(request.headers.authorization).toContain('/eu-central-1/s3/')
    expect(request.headers.authorization).toMatch(new RegExp(`Signature=${signature}$`))
  }
})

test('what passes is tried again; what does not is told in the server’s words, without keys', async () => {
  const busy = await pushed((response, n) => response.writeHead(n < 3 ? 503 : 200).end(), {})
  expect(busy.problem).toBeUndefined()
  expect(busy.taken).toHaveLength(5)

  const words = `<Code>SignatureDoesNotMatch</Code> ${KEYS.AWS_SECRET_ACCESS_KEY}`
  const denied = await pushed(failing(403, words), { address: 's3://bucket', env: KEYS })
  expect(denied.taken).toHaveLength(1)
  expect(denied.problem).toMatch(/^PUT http:.*chat-spike\.json: 403 <Code>SignatureDoesNotMatch/)
  expect(denied.problem).not.toContain('hush')
})

test('a redirection is not followed: keys go to no other host', async () => {
  const to = (response: ServerResponse) =>
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
  const { taken, problem } = await pushed(to, { address: 's3://bucket', env: KEYS })
  expect(taken).toHaveLength(1)
  expect(problem).toContain(': 307')
})

test('a server that says nothing is given up', async () => {
  const { taken, problem } = await pushed(() => {}, {})
  expect(taken).toHaveLength(QUICK.tries)
  expect(problem).toContain('no answer for 0.3 s')
})

test.each([
  ['s3://bucket', {}, /needs AWS_ACCESS_KEY_ID/],
  ['s3://bucket', { ...KEYS, AWS_ENDPOINT_URL: 'minio:9000' }, /AWS_ENDPOINT_URL: accepted/],
  ['ftp://host', {}, /--push ftp:\/\/host: accepted: s3:/],
  ['http://u:hush@host', {}, /--push http:\/\/\*\*\*@host: .*PUSH_HEADERS/],
  ['http://host', { PUSH_HEADERS: 'hush' }, /PUSH_HEADERS: /],
])('%s with %j is refused', (address, env, words) => {
  const read = readDestination(address, env)
  expect(read.ok ? '' : read.message).toMatch(words)
  expect(JSON.stringify(read)).not.toContain('hush')
})
