import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildScenarios } from '../../build.mjs'
import { ensureK6 } from '../setup/index.mjs'
import { buildGo } from './client/build-go.ts'
import { bareClient, k6Client } from './client/clients.ts'
import type { Client } from './client/clients.ts'
import { defaultLevels, documentedLevels, nameOf, parseLevels } from './client/levels.ts'
import type { Level } from './client/levels.ts'
import { measure } from './client/measure.ts'
import type { Measured, Spans } from './client/measure.ts'
import { startServer } from './client/server.ts'
import { combineRounds } from './client/rounds.ts'
import { renderTable } from './client/table.ts'

const help = `Measures what the client costs and how accurate it is, against the server's own record.

  npm run bench:client -- [options]

  --levels L       streams[@tokens/s][xTOKENS per answer], separated by commas; by default answers have
                   128 tokens at 100 tokens/s; the cost of a request is spread over its tokens
                   (default ${defaultLevels})
  --text TEXT      text of each token; may be repeated, and each load is then measured with each
                   (default " token")
  --table          the loads of docs/performance.md in one call, in place of --levels and --text: 100 streams
                   with text in and beyond ASCII and with short answers, and 1,000 streams of 20 tokens/s;
                   5 minutes, 10 with --official
  --official PATH  also measure a k6 with the official k6/x/tcp (default $OFFICIAL_K6)
  --bare PATH      a built k6/cmd/bareclient (default: built now)
  --short S        seconds of the short run (default 3; at least 1.2 answers)
  --long S         seconds of the long run (default 9; at least 3 answers more than the short one)
  --rounds N       rounds of CPU measurement; clients take turns, medians are shown (default 1)
  --input N        length of k6's prompts, tokens (default 100)
  --with ENV       also measure k6 with this environment, e.g. GOGC=400 or GOGC=400,GOMAXPROCS=8;
                   may be repeated
  --json FILE      also write the figures to FILE
  --help

CPU per token is the difference in CPU time between the long and the short run, divided by the difference
in tokens, so that start-up cancels out. Needs bash and Go. It reports figures and judges nothing; other
load on the machine affects them.`

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    levels: text,
    text: { type: 'string', multiple: true },
    table: { type: 'boolean' },
    official: text,
    bare: text,
    short: text,
    long: text,
    rounds: text,
    input: text,
    with: { type: 'string', multiple: true },
    json: text,
    help: { type: 'boolean' },
  },
})

const number = (name: 'short' | 'long' | 'rounds' | 'input', byDefault: number, max: number) => {
  const value = Number(values[name] ?? byDefault)
  if (!(value >= 1 && value <= max)) {
    throw new RangeError(`--${name} is "${values[name]}"; 1 to ${max} is accepted`)
  }
  return value
}

const answerS = (level: Level) => 0.1 + level.answerTokens / level.tokensPerS

async function main(): Promise<void> {
  if (values.help) return console.log(help)
  const levels = values.table
    ? documentedLevels
    : parseLevels(values.levels ?? defaultLevels, values.text)
  const shortS = number('short', 3, 600)
  const longS = number('long', 9, 3600)
  if (longS <= shortS) throw new RangeError('--long has to be more than --short')
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-bench-'))
  const removed = () => rm(folder, { recursive: true, force: true })
  try {
    const server = await buildGo(folder, 'benchserver')
    const clients = await makeClients(folder)
    const rows: Measured[] = []
    for (const level of levels)
      rows.push(...(await measureLevel(server, clients, level, { shortS, longS })))
    const cores = availableParallelism()
    console.log(
      `\n${cpus()[0]?.model ?? 'unknown processor'}, ${cores} cores shared with the server`,
    )
    console.log(`TTFT, its error and ITL's in ms; requests: started/finished/seen by the server\n`)
    console.log(renderTable(rows))
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  } finally {
    await removed()
  }
}

async function makeClients(folder: string): Promise<Client[]> {
  const dist = path.join(folder, 'dist')
  await buildScenarios({ outDir: dist, names: ['chat-steady'] })
  const k6 = (await ensureK6()).path
  const script = path.join(dist, 'chat-steady.js')
  const shared = { script, folder, inputTokens: number('input', 100, 100_000), env: {} }
  const clients = [k6Client({ ...shared, name: 'k6', k6 })]
  for (const given of values.with ?? []) {
    clients.push(k6Client({ ...shared, name: `k6 ${given}`, k6, env: environmentOf(given) }))
  }
  const official = values.official ?? process.env['OFFICIAL_K6']
  if (official !== undefined) {
    clients.push(k6Client({ ...shared, name: 'k6 official', k6: path.resolve(official) }))
  }
  const bare =
    values.bare === undefined ? await buildGo(folder, 'bareclient') : path.resolve(values.bare)
  return [bareClient(bare, answerS), ...clients]
}

function environmentOf(given: string): NodeJS.ProcessEnv {
  const pairs = given.split(',').map((pair) => /^(\w+)=(.+)$/.exec(pair)?.slice(1))
  if (pairs.includes(undefined)) {
    throw new RangeError(`--with is "${given}"; NAME=value is accepted, joined by commas`)
  }
  return Object.fromEntries(pairs as [string, string][])
}

/** The same for all clients: long enough that answers end within the runs. */
function spansOf(level: Level, { shortS, longS }: Spans): Spans {
  const short = Math.max(shortS, Math.ceil(1.2 * answerS(level)))
  return { shortS: short, longS: short + Math.max(longS - shortS, Math.ceil(3 * answerS(level))) }
}

async function measureLevel(
  program: string,
  clients: readonly Client[],
  level: Level,
  given: Spans,
): Promise<Measured[]> {
  const spans = spansOf(level, given)
  const server = await startServer(program, level)
  try {
    const rounds: Measured[][] = []
    for (let round = 0; round < number('rounds', 1, 100); round++) {
      const rows: Measured[] = []
      for (const client of clients) {
        const log = (what: string) => console.error(`bench: ${nameOf(level)}, ${what}`)
        const withAccuracy = round === 0 && client.name !== 'bare Go'
        rows.push(await measure(client, server, level, spans, withAccuracy, log))
      }
      rounds.push(rows)
    }
    return combineRounds(rounds)
  } finally {
    await server.close()
  }
}

// What was started is stopped by handlers of `exit`, which a signal alone would pass over.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  await main()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
