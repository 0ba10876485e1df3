import { open } from 'node:fs/promises'
import { createRecordReader } from '../../lib/records/index.ts'
import type { Screen } from '../terminal.ts'
import { counterOf } from './api.ts'
import { createProgress, liveLine } from './live-line.ts'

const PERIOD_MS = 1000

/**
 * Shows on one line how a run goes, from its records as k6 writes them; what is in flight has no record yet, so k6's
 * REST API tells it.
 * @param file the records
 * @param address of the API; undefined where there is none
 * @returns to be called when k6 has ended
 */
export function showLive(file: string, address: string | undefined, screen: Screen): () => void {
  const tail = createTail(file)
  let progress: ReturnType<typeof createProgress> | undefined
  let startedMs = 0
  const reader = createRecordReader({
    onRun(head) {
      startedMs = Date.parse(head.startedAt)
      progress = createProgress(head)
    },
    onRequest: (record) => progress?.add(record),
    // A line that is no record is the report's to tell.
    onProblem: () => {},
  })
  const began = Date.now()
  let over = false
  let busy = false

  async function look(): Promise<void> {
    if (busy) return
    busy = true
    const [started, ended] = await Promise.all(COUNTERS.map((name) => counter(name)))
    await tail.read(reader.feed)
    busy = false
    if (over) return
    if (progress === undefined) {
      const seconds = Math.round((Date.now() - began) / 1000)
      return screen.live(`  getting ready, ${seconds}s`)
    }
    const inFlight = started === undefined || ended === undefined ? undefined : started - ended
    screen.live(liveLine(progress.at(Date.now() - startedMs), inFlight, screen.columns))
  }

  const counter = async (name: string) =>
    address === undefined ? undefined : counterOf(address, name)
  const timer = setInterval(() => void look(), PERIOD_MS)
  return () => {
    over = true
    clearInterval(timer)
    screen.live('')
    void tail.close()
  }
}

const COUNTERS = ['llm_requests_started', 'llm_requests'] as const

const CHUNK_BYTES = 1 << 18

/** Reads what was added to a file since the last time; a file that is not there yet has nothing. */
function createTail(file: string) {
  let handle: Awaited<ReturnType<typeof open>> | undefined
  const buffer = Buffer.alloc(CHUNK_BYTES)
  const decoder = new TextDecoder()
  return {
    async read(take: (text: string) => void): Promise<void> {
      handle ??= await open(file).catch(() => undefined)
      for (;;) {
        const { bytesRead = 0 } = (await handle?.read(buffer, 0, CHUNK_BYTES).catch(() => {})) ?? {}
        if (bytesRead === 0) return
        take(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }))
      }
    },
    close: async () => handle?.close().catch(() => {}),
  }
}
