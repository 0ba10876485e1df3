import { compareRecords } from './accuracy.ts'
import type { Accuracy } from './accuracy.ts'
import type { Client } from './clients.ts'
import type { Level } from './levels.ts'
import type { BenchServer, ServerRecord } from './server.ts'

/** What one client needs at one level. */
export interface Measured extends Level {
  client: string
  /** The client's CPU per streamed token, from the difference of the runs, so without start-up. */
  cpuUsPerToken: number
  /** The same by that of the bare client, in the same round; undefined without one. */
  timesBare?: number | undefined
  /** The same over the whole long run, start-up and summary included. */
  cpuUsPerTokenWhole: number
  /** CPU that does not grow with the tokens: start-up, making VUs, summary. */
  startUpCpuS: number
  /** From the start of the program until the server had half of the streams, s. */
  startUpS: number | undefined
  /** The server's CPU per token, over the same difference. */
  serverUsPerToken: number
  /** Largest resident set in the long run, MiB. */
  peakMiB: number | undefined
  /** Tokens by which the two runs differ: what the marginal figures rest on. */
  tokens: number
  /** Requests of the long run: by the client, and by the server's record. */
  started: number | undefined
  finished: number | undefined
  serverRequests: number
  accuracy: Accuracy | undefined
}

export interface Spans {
  shortS: number
  longS: number
}

/** A short and a long run for the CPU, and one with records where the accuracy is wanted. */
export async function measure(
  client: Client,
  server: BenchServer,
  level: Level,
  { shortS, longS }: Spans,
  withAccuracy: boolean,
  log: (text: string) => void,
): Promise<Measured> {
  const once = async (seconds: number, withRecords: boolean) => {
    log(`${client.name}: ${seconds} s${withRecords ? ' with records' : ''}`)
    await server.takeRecords()
    const before = await server.cpuS()
    const beganMs = Date.now()
    const run = await client.run(server.url, level, seconds, withRecords)
    const serverCpuS = (await server.cpuS()) - before
    // The preflight's request is one of them: a token in tens of thousands, and it is streamed too.
    const records = await server.takeRecords()
    const startUpS = startUp(records, level, beganMs)
    const tokens = tokensOf(records)
    return { ...run, serverCpuS, startUpS, records, clientRecords: run.records, tokens }
  }
  const short = await once(shortS, false)
  const long = await once(longS, false)
  const checked = withAccuracy ? await once(shortS * 2, true) : undefined
  const tokens = long.tokens - short.tokens
  const cpuS = long.used.cpuS - short.used.cpuS
  const usPerToken = (cpuS * 1e6) / tokens
  return {
    client: client.name,
    ...level,
    cpuUsPerToken: usPerToken,
    cpuUsPerTokenWhole: (long.used.cpuS * 1e6) / long.tokens,
    startUpCpuS: short.used.cpuS - (usPerToken * short.tokens) / 1e6,
    startUpS: long.startUpS,
    serverUsPerToken: ((long.serverCpuS - short.serverCpuS) * 1e6) / tokens,
    peakMiB: long.used.peakMiB,
    tokens,
    started: long.started,
    finished: long.finished,
    serverRequests: long.records.length,
    accuracy: checked && compareRecords(checked.clientRecords, checked.records),
  }
}

/** Half, and not the first: that one is the preflight's. */
function startUp(records: readonly ServerRecord[], { streams }: Level, beganMs: number) {
  const received = records.map(({ receivedMs }) => receivedMs).sort((a, b) => a - b)
  const at = received[Math.ceil(streams / 2)]
  return at === undefined ? undefined : (at - beganMs) / 1000
}

function tokensOf(records: readonly ServerRecord[]): number {
  return records.reduce((sum, record) => sum + record.tokenWrittenMs.length, 0)
}
