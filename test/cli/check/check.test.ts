import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { main } from '../../../cli/check/main.ts'
import { screen } from '../../../cli/check/show.ts'
import type { Findings, Stream } from '../../../cli/check/types.ts'
import { startSimulator } from '../../../simulator/index.ts'
import type { SimulatorSettings } from '../../../simulator/index.ts'
import { terminal } from '../../support/terminal.ts'

interface Checked {
  code: number
  out: string
  note: string
}

async function check(
  argv: readonly string[],
  shell: Record<string, string> = {},
  ports?: readonly number[],
): Promise<Checked> {
  const to = terminal()
  return { code: await main(argv, to, shell, ports), ...to.written }
}

async function of<T>(settings: SimulatorSettings, then: (url: string) => Promise<T>): Promise<T> {
  const simulator = await startSimulator({ ttftMs: 5, tpotMs: 3, ...settings })
  try {
    return await then(simulator.url)
  } finally {
    await simulator.close()
  }
}

const fault = (name: string): SimulatorSettings => ({
  faults: [{ fault: name, probability: 1 }],
})

describe('k6-inference check', () => {
  test('says on one screen what a server can do, and what to type next', async () => {
    const { code, out, url } = await of({}, async (url) => ({
      ...(await check(['--url', url])),
      url,
    }))
    expect(code).toBe(0)
    expect(out).toContain(`${url} · vLLM`)
    expect(out.replace(/\s+/g, ' ')).toContain(
      '✓ wire formats chat, completions, responses, embeddings, anthropic, tgi, triton, sglang, ollama-chat, ollama-generate, llamacpp',
    )
    expect(out).toMatch(/[✓!] streaming +(chunk by chunk|48 tokens)/)
    expect(out).toMatch(/✓ metrics +http:.*\/metrics \(vLLM\): running, waiting/)
    expect(out).toContain(`\n  npx k6-inference run chat-steady --url ${url} --rate 2\n`)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test.each<[string, SimulatorSettings, RegExp]>([
    ['counts no tokens', fault('no-usage'), /! token counts +by chunks, an estimate/],
    ['refuses unknown fields', { strict: true }, /! lengths +not held/],
    [
      'stands behind a proxy that buffers',
      fault('buffered'),
      /! streaming +48 tokens in 48 chunks came in 1 bunch: /,
    ],
  ])('says what cannot be measured where the server %s', async (_what, settings, line) => {
    const { code, out } = await of(settings, (url) => check(['--url', url]))
    expect(out).toMatch(line)
    expect(code).toBe(0)
  })

  test.each<[Partial<Stream> | undefined, RegExp]>([
    [
      {},
      /✓ streaming +chunk by chunk; in one answer first token after 30\.0 ms, .* every 10\.0 ms/,
    ],
    [{ chunks: 1, gapMs: undefined }, /after 30\.0 ms \(48 tokens in 1 chunks\)/],
    [
      { bunches: 6 },
      /! streaming +48 tokens in 48 chunks came in 6 bunches: a proxy that buffers\?/,
    ],
    [{ bunches: 6, lagMs: 12 }, /6 bunches: this machine was busy \(timers 12\.0 ms/],
    [undefined, /! streaming +no answer streamed/],
  ])('says how an answer came: %j', (given, line) => {
    const plain = { ttftMs: 30, gapMs: 10, chunks: 48, tokens: 48, bunches: undefined, lagMs: 0.1 }
    const facts = { model: 'm', includeUsage: true, holdsLength: true, warnings: [] }
    const good = { api: 'chat', ok: true as const, facts }
    const found: Findings = {
      baseUrl: 'http://h/v1',
      models: { ok: true, models: ['m'], unnamed: 0, owner: undefined },
      formats: [good],
      stream: given && { ...plain, ...given },
      metrics: { url: 'http://h/metrics', engines: [], figures: [] },
    }
    expect(screen(found, good).replace(/\n {18}/g, ' ')).toMatch(line)
  })

  test('adds /v1 to an address without a path', async () => {
    const { out, url } = await of({}, async (url) => {
      const bare = url.replace(/\/v1$/, '')
      return { ...(await check(['--url', bare])), url }
    })
    expect(out).toContain(url)
  })

  test('takes the key from the environment, and says so where it is missing', async () => {
    const [with_, without] = await of({ apiKey: 'sk-1' }, async (url) => [
      await check(['--url', url, '--key-env', 'MINE'], { MINE: 'sk-1' }),
      await check(['--url', url]),
    ])
    expect(with_).toMatchObject({ code: 0, note: '' })
    expect(without).toMatchObject({ code: 1, out: '' })
    expect(without?.note).toContain('the server requires an API key')
    expect(`${with_?.out}${without?.note}`).not.toContain('sk-1')
  })

  test('finds servers on ports of this machine, and passes over what is none', async () => {
    const other = net.createServer((socket) => socket.on('error', () => {}).end('220 mail\r\n'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { code, out, note } = await of({}, (url) =>
      check([], {}, [Number(new URL(url).port), port, 1]),
    )
    other.close()
    expect(code).toBe(0)
    expect(out.match(/wire formats/g)).toHaveLength(1)
    expect(note).toContain(`,`)
    expect(note).toContain(`http://127.0.0.1:${port}/v1`)
  })

  test('says in a line when there is no server', async () => {
    expect((await check([], {}, [1])).note).toMatch(/^check: no server on .* \(1\); name one/)
    const { code, note } = await check(['--url', 'http://127.0.0.1:1'])
    expect({ code, lines: note.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(note).toContain('http://127.0.0.1:1/v1 cannot be reached (connect_refused')
    expect((await check(['--url', 'localhost:8000'])).code).toBe(2)
  })
})
