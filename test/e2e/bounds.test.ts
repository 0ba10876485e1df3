import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { runScenario } from './harness.ts'

/**
 * k6 itself takes some 150 MB here; endless pages took 1.6 to 4.4 GB before they were bounded. Wide enough
 * for any machine, and far below what a second of an endless page brings.
 */
const MOST_KIB = 500 * 1024

const MEGABYTE = Buffer.alloc(1 << 20, 'a')
const BOMB = gzipSync(Buffer.alloc(1 << 28))

/** Writes for as long as somebody reads. */
function flood(res: ServerResponse): void {
  const go = () => {
    while (!res.destroyed && res.write(MEGABYTE));
  }
  res.on('error', () => {}).on('drain', go)
  go()
}

const ODD: Record<string, (res: ServerResponse) => void> = {
  '/endless/models': (res) => {
    res.write('{"data":[{"id":"')
    flood(res)
  },
  '/packed/models': (res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
  '/deep/models': (res) => void res.end(`{"data":${'['.repeat(3_000_000)}`),
  '/endless/metrics': flood,
  '/nonsense/metrics': (res) =>
    void res.end('vllm:kv_cache_usage_perc 250\nvllm:num_requests_running{engine="0"} -3\n'),
}

async function oddServer() {
  const server = createServer((req: IncomingMessage, res) => {
    const answer = ODD[req.url ?? '']
    if (answer === undefined) res.writeHead(404).end()
    else answer(res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe.runIf(existsSync('/proc/self/status')).each(['', 'buffered'])(
  'the memory of a bundle (%s) is bounded',
  (transport) => {
    const run = (env: Record<string, string>) =>
      runScenario({
        scenario: 'chat-steady',
        bundles: path.join(inject('bundles'), transport),
        env,
      })

    it.each([
      ['endless', /models (is too long|did not answer in time)/],
      ['packed', /models gave an answer that cannot be read/],
      ['deep', /models answered with no list of models/],
    ])('by a list of models that is %s', async (kind, words) => {
      const odd = await oddServer()
      try {
        const env = { BASE_URL: `${odd.url}/${kind}` }
        const { code, stderr, peakKib } = await run(env)
        expect(code).toBe(108)
        expect(stderr).toMatch(words)
        expect(peakKib).toBeLessThan(MOST_KIB)
      } finally {
        odd.close()
      }
    })

    it('by metrics without an end; impossible ones and addresses without any are said', async () => {
      const odd = await oddServer()
      try {
        const env = {
          METRICS_URL: `${odd.url}/nonsense/metrics`,
          GPU_METRICS_URL: `${odd.url}/endless/metrics`,
          // Over k6/http, only its time limit of 4 s ends the page.
          DURATION: '6s',
        }
        const { report, stdout, peakKib } = await run(env)
        expect(peakKib).toBeLessThan(MOST_KIB)
        const said = (report?.warnings ?? []).map(({ message }) => message).join('\n')
        expect(said, stdout).toMatch(/GPU_METRICS_URL never gave a figure/)
        expect(said).toMatch(/values that cannot be.*Running on the server.*KV-cache use/)
        expect(report?.server ?? null).toBeNull()
      } finally {
        odd.close()
      }
    })
  },
)
